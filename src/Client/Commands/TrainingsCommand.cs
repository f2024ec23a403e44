using System.CommandLine;
using System.Globalization;
using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen trainings</c> with show, cancel and resume.</summary>
internal static class TrainingsCommand
{
    private static readonly Argument<long> Id = new("id") { Description = "The run's number." };

    public static Command Build()
    {
        var command = new Command("trainings", "List the training runs, show one, cancel one or take one up again.") { Show(), Cancel(), Resume() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var table = Output.NewTable(">training", "name", "phase", ">step", ">of", ">loss", "submitted", "reason");
            foreach (var run in await workplace.TrainingsAsync(cancellationToken))
            {
                output.Value(run);
                table.AddRow(
                    Number(run.Id), Markup.Escape(run.Name), run.Phase, Number(run.Step), Number(run.Steps), Real(run.Loss), run.CreatedAt.ToString("u", CultureInfo.InvariantCulture),
                    Markup.Escape(run.Reason ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static string Words(TrainingView run) => run.Steps == 0
        ? $"training {run.Id}: {(run.Phase == "waiting" ? "waits" : "prepares the dataset")}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"training {run.Id}: step {run.Step:N0} of {run.Steps:N0}, loss {Real(run.Loss)}{(run.SecondsLeft is > 0 and var left ? $", {TimeSpan.FromSeconds(Math.Ceiling(left)):g} left" : "")}");

    private static Command Show()
    {
        var command = new Command("show", "Show a run with its lineage, curve, checkpoints and validation clips.") { Id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var detail = await workplace.TrainingAsync(parsed.GetValue(Id), cancellationToken);
            var (run, steps, checkpoints, clips, _) = detail;
            output.Value(detail);
            output.Line($"training {run.Id}: {run.Name}, {run.Phase}{(run.Reason is null ? "" : $" ({run.Kind}): {run.Reason} {run.Hint}".TrimEnd())}");
            output.Line($"dataset {run.Dataset}, list {run.DatasetSha256}; trainer {run.CodeVersion ?? "not started"}, host {run.HostVersion}, {(run.Processes == 1 ? "1 process" : $"{run.Processes} processes")}");
            if (run.Base is { } model)
            {
                output.Line($"begins with {model.Folder}, fingerprint {model.Fingerprint}{(model.Training is { } origin ? $", of training {origin}" : "")}");
            }

            output.Line("options " + string.Join(' ', run.Options.Select(option => option.Value == "true" ? $"--{option.Key}" : $"--{option.Key} {option.Value}")));
            if (steps.Count > 0)
            {
                output.Line($"steps {steps[0].Step:N0} to {steps[^1].Step:N0} of {run.Steps:N0}, loss {Real(steps[0].Loss)} to {Real(steps[^1].Loss)}");
            }

            foreach (var checkpoint in checkpoints)
            {
                output.Line(string.Create(CultureInfo.InvariantCulture, $"checkpoint {checkpoint.Name}: {checkpoint.Bytes / 1e6:0.#} MB, {checkpoint.Sha256}"));
            }

            foreach (var clip in clips)
            {
                output.Line($"validation at step {clip.Step}, seed {clip.Seed}: {clip.Video}  {clip.Prompt}");
            }

            if (run.Model is not null)
            {
                output.Line($"model {run.Model}, archive {run.ModelSha256}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Cancel()
    {
        var command = new Command("cancel", "Stop a run after the step in hand, with a checkpoint.") { Id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var workplace = Shared.Workplace(parsed);
            var run = await workplace.ChangeTrainingAsync(parsed.GetValue(Id), "cancel", cancellationToken);
            var output = Shared.Output(parsed);
            output.Value(run);
            output.Line($"training {run.Id} is {run.Phase}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Resume()
    {
        var detach = new Option<bool>("--detach") { Description = "Only say so; `medgen up` does the work." };
        var command = new Command("resume", "Take up a run that failed, was cancelled or was interrupted, from its last checkpoint.") { Id, detach };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, id) = (Shared.Output(parsed), parsed.GetValue(Id));
            await using var workplace = Shared.Workplace(parsed);
            var run = (await workplace.TrainingAsync(id, cancellationToken)).Run;
            if (run.Phase is "failed" or "cancelled")
            {
                run = await workplace.ChangeTrainingAsync(id, "resume", cancellationToken);
            }

            if (parsed.GetValue(detach))
            {
                workplace.Wake();
                output.Value(run);
                output.Line($"training {run.Id} is {run.Phase}");
                return ExitCodes.Ok;
            }

            TrainerSelection.Demand(parsed);
            return await TrainCommand.WorkAsync(workplace, output, id, cancellationToken);
        });
        return command;
    }

    private static string Real(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

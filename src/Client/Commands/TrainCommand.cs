using System.CommandLine;
using System.Globalization;
using MedGenCluster.Client.Views;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen train</c>: submits a training run and works on it. The trainer's options keep their own names.</summary>
internal static class TrainCommand
{
    public static Command Build()
    {
        var dataset = new Option<string>("--dataset") { Description = "Folder that `medgen export --format fastvideo` wrote.", Required = true, HelpName = "dir" };
        var processes = new Option<int>("--processes") { Description = "Training processes (GPUs); torchrun starts them where there are several.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var prompts = new Option<string?>("--validation_prompts") { Description = "File of prompts that are sampled during the training.", HelpName = "file" };
        var name = new Option<string?>("--name") { Description = "Name of the run; default: the dataset's folder." };
        var detach = new Option<bool>("--detach") { Description = "Only submit; `medgen up` does the work." };
        var command = new Command("train", "Train a text-to-video model on an export; killed, it goes on from its last checkpoint.") { dataset, processes, prompts, name, detach };
        var options = TrainingOption.All.Select(option => (Option: option, Given: Add(command, option))).ToList();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = options.Where(pair => parsed.GetResult(pair.Given) is { Implicit: false })
                .ToDictionary(pair => pair.Option.Name, pair => pair.Option.IsSwitch ? "true" : (string?)parsed.GetValue((Option<string?>)pair.Given) ?? "");
            var (_, _, errors) = TrainingOption.Sort(given);
            if (errors.Count > 0)
            {
                return Output.Fail(string.Join(Environment.NewLine + "        ", errors), ExitCodes.Usage);
            }

            var remote = parsed.GetValue(Shared.Server) is not null;
            foreach (var path in options.Where(pair => given.TryGetValue(pair.Option.Name, out var text) && (pair.Option.IsPath || (pair.Option.MayBePath && !remote && Directory.Exists(text)))))
            {
                var place = CrawlCommand.Place(given[path.Option.Name], remote)!;
                given[path.Option.Name] = remote ? place : Path.GetFullPath(place);
            }

            if (!parsed.GetValue(detach))
            {
                TrainerSelection.Demand(parsed);
            }

            var validation = parsed.GetValue(prompts) is { } file ? await File.ReadAllTextAsync(file, cancellationToken) : null;
            var request = new TrainingRequest(CrawlCommand.Place(parsed.GetValue(dataset), remote)!, given, validation, parsed.GetValue(processes), parsed.GetValue(name));
            await using var workplace = Shared.Workplace(parsed);
            return await RunAsync(workplace, Shared.Output(parsed), request, parsed.GetValue(detach), cancellationToken);
        });
        return command;
    }

    /// <summary>Works on a run until it ends, and says how.</summary>
    /// <returns>An exit code.</returns>
    internal static async Task<int> WorkAsync(IWorkplace workplace, Output output, long run, CancellationToken cancellationToken)
    {
        var end = await workplace.WorkOnTrainingAsync(run, new ProgressLine(), cancellationToken);
        output.Value(new { Type = "result", Training = end.Id, end.Phase, end.Step, end.Steps, end.Loss, end.Model, end.ModelSha256, end.Kind, end.Reason, end.Hint });
        switch (end.Phase)
        {
            case "completed":
                output.Line(string.Create(CultureInfo.InvariantCulture, $"training {end.Id} is completed: {end.Step:N0} steps, loss {end.Loss:0.####}; its model is {end.Model}"));
                return ExitCodes.Ok;
            case "cancelled":
                return Output.Fail($"training {end.Id} was cancelled at step {end.Step}; `medgen trainings resume {end.Id}` takes it up again.", ExitCodes.Interrupted);
            default:
                return Output.Fail(
                    $"training {end.Id} failed ({end.Kind}): {end.Reason} {end.Hint}".TrimEnd() + $" `medgen trainings resume {end.Id}` takes it up again from its last checkpoint.",
                    end.Kind == "usage" ? ExitCodes.Usage : ExitCodes.Unavailable);
        }
    }

    private static Option Add(Command command, TrainingOption option)
    {
        Option added = option.IsSwitch ? new Option<bool>("--" + option.Name) { Description = option.Help } : new Option<string?>("--" + option.Name) { Description = option.Help, HelpName = option.Least is null ? "value" : "n" };
        command.Options.Add(added);
        return added;
    }

    /// <summary>Submits a run and, unless it is detached, works on it.</summary>
    /// <returns>An exit code.</returns>
    internal static async Task<int> RunAsync(IWorkplace workplace, Output output, TrainingRequest request, bool detach, CancellationToken cancellationToken)
    {
        var run = await workplace.TrainAsync(request, cancellationToken);
        output.Value(new { Type = "submitted", Training = run.Id, run.Name, run.DatasetSha256 });
        output.Line($"training {run.Id}: {run.Name} on {run.Dataset} (list {run.DatasetSha256[..12]})");
        if (detach)
        {
            workplace.Wake();
            return ExitCodes.Ok;
        }

        return await WorkAsync(workplace, output, run.Id, cancellationToken);
    }
}

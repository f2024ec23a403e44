using System.CommandLine;
using System.Globalization;
using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen generations</c> with show, cancel and retry.</summary>
internal static class GenerationsCommand
{
    private static readonly Argument<long> Id = new("id") { Description = "The generation's number." };

    public static Command Build()
    {
        var command = new Command("generations", "List the batch generations, show one's videos, cancel one or try again what failed.")
        {
            Show(), Change("cancel", "Stop one; what is done stays."), Change("retry", "Try again what failed, and take a cancelled one up again."),
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var table = Output.NewTable(">generation", "name", "state", ">prompts", ">videos", ">done", ">failed", ">s each", "submitted");
            foreach (var job in await workplace.GenerationsAsync(cancellationToken))
            {
                output.Value(job);
                table.AddRow(
                    Number(job.Id), Markup.Escape(job.Name), job.State, Number(job.Prompts), Number(job.Items), Number(job.Done), Number(job.Failed),
                    job.SecondsPerItem?.ToString("0.##", CultureInfo.InvariantCulture) ?? "", job.CreatedAt.ToString("u", CultureInfo.InvariantCulture));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Show()
    {
        var state = new Option<string?>("--state") { Description = "pending, leased, done or failed alone." };
        state.AcceptOnlyFromAmong("pending", "leased", "done", "failed");
        var command = new Command("show", "List one's videos with where they lie, or why they failed.") { Id, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var table = Output.NewTable("model", "prompt", ">seed", "state", "video or reason");
            await foreach (var item in workplace.GenerationItemsAsync(parsed.GetValue(Id), parsed.GetValue(state), cancellationToken))
            {
                output.Value(item);
                table.AddRow(Markup.Escape(item.ModelName), Markup.Escape(Short(item.Text)), Number(item.Seed), item.State, Markup.Escape(item.Video ?? item.Reason ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Change(string name, string description)
    {
        var command = new Command(name, description) { Id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var workplace = Shared.Workplace(parsed);
            var job = await workplace.ChangeGenerationAsync(parsed.GetValue(Id), name, cancellationToken);
            var output = Shared.Output(parsed);
            output.Value(job);
            output.Line($"generation {job.Id} is {job.State}: {job.Done:N0} of {job.Items:N0} videos are done, {job.Failed:N0} failed");
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static string Words(GenerationView job) => string.Create(
        CultureInfo.InvariantCulture,
        $"generation {job.Id}: {job.Done:N0} of {job.Items:N0} videos{(job.Failed > 0 ? $", {job.Failed:N0} failed" : "")}{(job.SecondsPerItem is { } each ? $", {each:0.##} s each" : "")}{(job.SecondsLeft is > 0 and var left ? $", {TimeSpan.FromSeconds(Math.Ceiling(left)):g} left" : "")}");

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

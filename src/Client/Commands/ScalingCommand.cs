using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen scaling</c>: queued GPU work, for an autoscaler or a person who decides on machines.</summary>
internal static class ScalingCommand
{
    public static Command Build()
    {
        var command = new Command("scaling", "Show the queued GPU work in items and in seconds of one lane at the measured rate.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var scaling = await workplace.ScalingAsync(cancellationToken);
            output.Value(scaling);
            var table = Output.NewTable("stage", ">items", ">s/item", ">seconds");
            foreach (var stage in scaling.Stages)
            {
                table.AddRow(stage.Stage, stage.Items.ToString("N0", CultureInfo.InvariantCulture), Number(stage.SecondsPerItem), Number(stage.Seconds));
            }

            output.Table(table);
            output.Line($"{scaling.Items:N0} items wait for {scaling.Lanes} {(scaling.Lanes == 1 ? "lane" : "lanes")}: {(scaling.Seconds is { } seconds ? $"{seconds:N0} s of work for one lane" : "how long they take was not measured yet")}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Number(double? value) => value is { } v ? v.ToString("0.###", CultureInfo.InvariantCulture) : "";
}

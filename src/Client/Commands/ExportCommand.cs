using System.CommandLine;
using MedGenCluster.Engine.Export;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen export</c>: writes the accepted clips as a dataset.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, ExportFormats> Formats = new()
    {
        ["videofolder"] = ExportFormats.VideoFolder,
        ["webdataset"] = ExportFormats.WebDataset,
        ["fastvideo"] = ExportFormats.FastVideo,
        ["all"] = ExportFormats.All,
    };

    public static Command Build()
    {
        var target = new Argument<string>("folder") { Description = "The folder to write; made whole or not at all." };
        var name = new Option<string?>("--name") { Description = "Name of the dataset; default: the folder's." };
        var formats = new Option<string[]>("--format")
        {
            Description = "videofolder, webdataset, fastvideo or all; repeatable.",
            DefaultValueFactory = _ => ["all"],
            AllowMultipleArgumentsPerToken = true,
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an earlier export." };
        var copy = new Option<bool>("--copy") { Description = "Copy clips instead of linking them from the media store." };
        var command = new Command("export", "Write the accepted clips as a dataset with captions, scores, statistics and plots.") { target, name, formats, overwrite, copy, Shared.Job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var chosen = ExportFormats.None;
            foreach (var format in parsed.GetValue(formats)!)
            {
                if (!Formats.TryGetValue(format, out var flag))
                {
                    return Output.Fail($"there is no format {format}; there are {string.Join(", ", Formats.Keys)}.", ExitCodes.Usage);
                }

                chosen |= flag;
            }

            await using var host = CurationHost.Open(Shared.Host(parsed));
            var folder = Path.GetFullPath(parsed.GetValue(target)!);
            var options = new ExportOptions
            {
                TargetFolder = folder, Formats = chosen, Overwrite = parsed.GetValue(overwrite), HardLinks = !parsed.GetValue(copy),
            };
            return await RunAsync(host, Shared.Output(parsed), parsed.GetValue(name) ?? Path.GetFileName(folder), parsed.GetValue(Shared.Job), options, cancellationToken);
        });
        return command;
    }

    public static async Task<int> RunAsync(
        CurationHost host, Output output, string name, long? job, ExportOptions options, CancellationToken cancellationToken)
    {
        var report = await new DatasetExporter().ExportAsync(host.ExportSource(name, job), options, null, cancellationToken);
        if (report.Error is { } error)
        {
            return Output.Fail(error.Message, error.Kind == ExportErrorKind.InvalidOptions ? ExitCodes.Usage : ExitCodes.Unavailable);
        }

        output.Value(new { Type = "export", report.TargetFolder, report.Exported, report.MediaBytes, report.Linked, report.Copied, report.Shards, report.LeftOut, report.Trainer });
        output.Line($"{report.Exported} clips ({report.MediaBytes / 1e6:F1} MB) in {report.TargetFolder}");
        foreach (var left in report.LeftOut)
        {
            output.Line($"  left out {left.Clip}: {left.Detail}");
        }

        if (report.Trainer is { LeftOut.Count: > 0 } trainer)
        {
            output.Line($"  the trainer's list has {trainer.Listed} of them; {ExportLayout.TrainerChecks} says why the others do not fit it");
        }

        return ExitCodes.Ok;
    }
}

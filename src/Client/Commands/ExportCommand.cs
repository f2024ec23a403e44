using System.CommandLine;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen export</c>: writes the accepted clips as a dataset.</summary>
internal static class ExportCommand
{
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
            var folder = Path.GetFullPath(parsed.GetValue(target)!);
            var wish = new ExportWish(
                folder, parsed.GetValue(name) ?? Path.GetFileName(folder), parsed.GetValue(Shared.Job), parsed.GetValue(formats)!, parsed.GetValue(overwrite), parsed.GetValue(copy));
            await using var workplace = Shared.Workplace(parsed);
            return await RunAsync(workplace, Shared.Output(parsed), wish, cancellationToken);
        });
        return command;
    }

    public static async Task<int> RunAsync(IWorkplace workplace, Output output, ExportWish wish, CancellationToken cancellationToken)
    {
        var result = await workplace.ExportAsync(wish, cancellationToken);
        output.Value(new { Type = "export", TargetFolder = wish.Folder, result.Exported, result.MediaBytes, result.LeftOut, result.TrainerListed });
        output.Line($"{result.Exported} clips ({result.MediaBytes / 1e6:F1} MB) in {wish.Folder}");
        foreach (var left in result.LeftOut)
        {
            output.Line($"  left out {left.Where}: {left.Reason}");
        }

        if (result.TrainerListed is { } listed && listed < result.Exported)
        {
            output.Line($"  the trainer's list has {listed} of them; {ExportLayout.TrainerChecks} says why the others do not fit it");
        }

        return ExitCodes.Ok;
    }
}

using MedGenCluster.Engine.Export.Card;
using MedGenCluster.Engine.Export.Formats;

namespace MedGenCluster.Engine.Export;

/// <summary>Writes a dataset from accepted clips. The same clips give the same bytes, in whatever order they come and whenever it is: no
/// file holds a time of writing or a path of this machine. Memory holds all clips' metadata, a few kilobytes each.</summary>
public sealed class DatasetExporter(IExportFiles? files = null)
{
    private readonly IExportFiles _files = files ?? ExportFiles.Local;

    /// <summary>Exports to <see cref="ExportOptions.TargetFolder"/>. The folder appears complete in one rename or not at all. Clips that may
    /// not or cannot be exported are listed in the report; trouble with the target is the report's error and leaves an earlier export as it
    /// was.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing of the export remains.</exception>
    public async Task<ExportReport> ExportAsync(
        IExportSource source, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } wrong)
            return ExportReport.Failed(options.TargetFolder, ExportErrorKind.InvalidOptions, string.Join(' ', wrong));
        try
        {
            var (staged, error) = StagedFolder.Open(options.TargetFolder, options.Overwrite);
            if (staged is null)
                return new() { TargetFolder = options.TargetFolder, Error = error };
            using (staged)
            {
                var report = await WriteAsync(staged.Path, source, options, progress, cancellationToken);
                progress?.Report(new("committing", report.Exported, report.Exported));
                cancellationToken.ThrowIfCancellationRequested();
                staged.Commit();
                return report;
            }
        }
        catch (IOException e) when (ExportFiles.IsDiskFull(e))
        {
            return ExportReport.Failed(options.TargetFolder, ExportErrorKind.DiskFull,
                $"The volume of '{options.TargetFolder}' is full. The export was given up and what it had written is removed; an earlier export is as it was. ({e.Message})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ExportReport.Failed(options.TargetFolder, ExportErrorKind.TargetUnwritable,
                $"'{options.TargetFolder}' cannot be written; an earlier export is as it was. ({e.Message})");
        }
    }

    private async Task<ExportReport> WriteAsync(
        string root, IExportSource source, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        var summary = await source.SummariseAsync(cancellationToken);
        var clips = new List<ExportClip>();
        await foreach (var clip in source.ReadClipsAsync(cancellationToken).WithCancellation(cancellationToken))
        {
            clips.Add(clip);
            if (clips.Count % 1000 == 0)
                progress?.Report(new("reading", clips.Count, 0));
        }

        var (admitted, refused) = ClipAdmission.Split(clips, options.ComputeBinding);
        var folder = new ExportFolder(root, _files);
        var media = new ClipMedia(folder, _files, options);
        var withVideos = (options.Formats & (ExportFormats.VideoFolder | ExportFormats.FastVideo)) != 0;
        var (placed, broken) = await media.CheckAsync(
            admitted, withVideos, done => progress?.Report(new("media", done, admitted.Count)), cancellationToken);

        ExportClip[] exported = [.. placed.Select(p => p.Clip)];
        var row = new MetadataRow(exported);
        var report = new ExportReport
        {
            TargetFolder = options.TargetFolder,
            Exported = exported.Length,
            MediaBytes = exported.Sum(c => c.Media.Length),
            Linked = media.Linked,
            Copied = media.Copied,
            LeftOut = [.. refused.Concat(broken).OrderBy(l => l.Clip.Value, StringComparer.Ordinal).ThenBy(l => l.Reason)],
        };

        if (options.Formats.HasFlag(ExportFormats.VideoFolder))
            await VideoFolderFormat.WriteAsync(folder, placed, row, cancellationToken);
        if (options.Formats.HasFlag(ExportFormats.FastVideo))
            report = report with { Trainer = await FastVideoFormat.WriteAsync(folder, placed, options.Trainer, cancellationToken) };
        if (options.Formats.HasFlag(ExportFormats.WebDataset))
        {
            var shards = await WebDatasetFormat.WriteAsync(
                folder, placed, row, options, done => progress?.Report(new("shards", done, placed.Count)), cancellationToken);
            report = report with { Shards = shards };
        }

        progress?.Report(new("card", exported.Length, exported.Length));
        await WriteCardAsync(folder, new CardData(source.DatasetName, summary, exported, report, options.Formats), row, cancellationToken);
        await ReportFormat.WriteAsync(folder, source.DatasetName, options.Formats, report, cancellationToken);
        await folder.WriteChecksumsAsync(cancellationToken);
        return report;
    }

    private static async Task WriteCardAsync(ExportFolder folder, CardData data, MetadataRow row, CancellationToken cancellationToken)
    {
        var plots = CardPlots.Draw(data);
        folder.CreateFolder(ExportLayout.Plots);
        foreach (var plot in plots)
            await folder.WriteAsync($"{ExportLayout.Plots}/{plot.File}", plot.Svg, cancellationToken);
        await folder.WriteAsync(ExportLayout.Card, DatasetCard.Write(data, plots, row.ScoreColumns), cancellationToken);
    }
}

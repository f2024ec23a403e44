using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>A folder of videos in the yt-dlp archive convention: <c>x.mp4</c> with the optional sidecars <c>x.info.json</c> and <c>x.en.vtt</c>, at any
/// depth. A video without sidecars is known by its path below the folder and titled by its file name.</summary>
/// <param name="location">The folder.</param>
public sealed class FolderSource(string location) : IVideoSource
{
    private static readonly HashSet<string> VideoExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".mkv", ".webm", ".mov", ".m4v", ".avi", ".flv", ".ts", ".mpg", ".wmv",
    };

    /// <inheritdoc/>
    /// <remarks>Order: depth first, names ordinal. Of several videos with one platform id the first is found and the others are skipped.</remarks>
    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        using var steps = Open();
        while (MoveNext(steps))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (steps.Current)
            {
                case FolderWalk.Step.Skipped skipped:
                    yield return new SourceItem.Skipped(skipped.RelativePath, skipped.Reason);
                    break;

                case FolderWalk.Step.File file when VideoExtensions.Contains(Path.GetExtension(file.Path)):
                    if (Unusable(file) is { } reason)
                    {
                        yield return new SourceItem.Skipped(file.RelativePath, reason);
                        break;
                    }

                    var video = await DescribeAsync(file, cancellationToken);
                    yield return seen.Add(video.SourceKey)
                        ? new SourceItem.Found(video)
                        : new SourceItem.Skipped(file.RelativePath, $"the same video as an earlier file of this folder ({video.SourceKey})");
                    break;

                default:
                    break;
            }
        }
    }

    private IEnumerator<FolderWalk.Step> Open()
    {
        var root = Path.GetFullPath(location);
        if (File.Exists(root))
        {
            throw new SourceException($"'{root}' is a file, not a folder. Give the folder that holds the videos, or crawl a list with the manifest source.");
        }

        if (!Directory.Exists(root))
        {
            throw new SourceException($"The folder '{root}' does not exist. Check the path, or create it and put the videos there.");
        }

        return new FolderWalk(root).Walk().GetEnumerator();
    }

    // Only listing the root can throw; what is below it is skipped with a reason.
    private bool MoveNext(IEnumerator<FolderWalk.Step> steps)
    {
        try
        {
            return steps.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"The folder '{location}' cannot be listed ({e.Message}). Grant read permission or choose another folder.", e);
        }
    }

    private static string? Unusable(FolderWalk.Step.File file) =>
        Path.GetFileName(file.RelativePath).StartsWith("._", StringComparison.Ordinal) ? "a macOS resource fork, not a video"
        : File.Exists(file.Path) ? null
        : file.RelativePath.Contains('\uFFFD') ? "its name is not valid UTF-8; rename the file"
        : "it vanished while the folder was listed";

    private static async Task<VideoMetadata> DescribeAsync(FolderWalk.Step.File file, CancellationToken cancellationToken)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Path);
        var video = new VideoMetadata
        {
            SourceKind = SourceKinds.Folder,
            SourceKey = file.RelativePath,
            Location = file.Path,
            Title = stem,
            TranscriptPath = file.Folder.Transcript(stem),
        };
        return file.Folder.Info(stem) is { } info ? await InfoFile.ReadAsync(info, video, cancellationToken) : video;
    }
}

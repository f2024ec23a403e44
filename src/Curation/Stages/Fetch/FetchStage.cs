using System.Security.Cryptography;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>Size and content of a fetched file.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record FetchedFile(long Bytes, string Sha256);

/// <summary>Makes the media of a video available as a local file. Files that are local already are used where they lie.</summary>
public sealed class FetchStage : ItemStage<VideoWork>
{
    public override StageId Id => StageId.Fetch;

    public override Resource Needs => Resource.Network;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options) => Verdict.Pass(Own(measurements).Scores["bytes"]);

    protected override async Task<StageResult> MeasureAsync(VideoWork work, CancellationToken cancellationToken)
    {
        string location = work.Metadata.Location;
        if (LocalPath(location) is not { } path)
            return new StageResult.Failed($"'{location}' is not a local file; download it first and crawl the folder.", Retryable: false);
        try
        {
            var info = new FileInfo(path);
            if (Directory.Exists(path))
                return new StageResult.Failed($"'{path}' is a folder, not a file.", Retryable: false);
            if (!info.Exists)
                return new StageResult.Failed($"The file '{path}' does not exist.", Retryable: false);

            // Pipes and devices have no length either; opening one could wait for ever.
            if (new FileInfo(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length == 0)
                return new StageResult.Failed($"The file '{path}' is empty.", Retryable: false);

            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
            var hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            var file = new FetchedFile(stream.Length, Convert.ToHexStringLower(hash));
            return new StageResult.Measured(Measured([("bytes", file.Bytes)], StageData.Write(file)), MediaPath: path);
        }
        catch (UnauthorizedAccessException)
        {
            return new StageResult.Failed($"The file '{path}' may not be read by this user.", Retryable: false);
        }
        catch (IOException error)
        {
            return new StageResult.Failed($"The file '{path}' could not be read: {error.Message}", Retryable: true);
        }
    }

    private static string? LocalPath(string location)
    {
        if (!location.Contains("://", StringComparison.Ordinal))
            return Path.GetFullPath(location);
        return Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.IsFile ? uri.LocalPath : null;
    }
}

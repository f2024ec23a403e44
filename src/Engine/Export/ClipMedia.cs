using System.Buffers;
using System.Security.Cryptography;

namespace MedGenCluster.Engine.Export;

/// <summary>Checks each clip's blob against its address and puts it into the export by link or by copy.</summary>
internal sealed class ClipMedia(ExportFolder folder, IExportFiles files, ExportOptions options)
{
    private const int BufferBytes = 1 << 18;

    private int _linked;
    private int _copied;

    public int Linked => _linked;

    public int Copied => _copied;

    /// <summary>Clips whose blob is whole, with the path to read it from, in the order given; and those that are left out.</summary>
    /// <param name="place">True to put the clips under <c>videos/</c>, false only to check them.</param>
    public async Task<(List<PlacedClip> Placed, List<ExportLeftOut> LeftOut)> CheckAsync(
        IReadOnlyList<ExportClip> clips, bool place, Action<int> progress, CancellationToken cancellationToken)
    {
        if (place)
            folder.CreateFolder(ExportLayout.Videos);
        var outcomes = new ExportLeftOut?[clips.Count];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, clips.Count), parallel, async (i, token) =>
        {
            outcomes[i] = await CheckAsync(clips[i], place, token);
            progress(Interlocked.Increment(ref done));
        });

        var placed = new List<PlacedClip>(clips.Count);
        for (var i = 0; i < clips.Count; i++)
        {
            if (outcomes[i] is null)
                placed.Add(new(clips[i], place ? folder.FullPath(ExportLayout.Video(clips[i])) : clips[i].LocalPath));
        }

        return (placed, outcomes.OfType<ExportLeftOut>().ToList());
    }

    private async Task<ExportLeftOut?> CheckAsync(ExportClip clip, bool place, CancellationToken cancellationToken)
    {
        FileStream source;
        try
        {
            source = new FileStream(clip.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Missing(clip, e);
        }

        await using (source)
        {
            var name = ExportLayout.Video(clip);
            var target = folder.FullPath(name);
            var linked = place && options.HardLinks && files.TryHardLink(clip.LocalPath, target);
            Stream? copy = place && !linked ? files.Create(target) : null;
            ExportLeftOut? trouble;
            await using (copy)
            {
                trouble = await ReadAsync(clip, source, copy, cancellationToken);
                if (copy is not null && trouble is null)
                {
                    await copy.FlushAsync(cancellationToken);
                    files.Persist(copy);
                }
            }

            if (!place)
                return trouble;
            if (trouble is not null)
            {
                File.Delete(target);
                return trouble;
            }

            _ = linked ? Interlocked.Increment(ref _linked) : Interlocked.Increment(ref _copied);
            folder.Register(name, clip.Media.Sha256);
            return null;
        }
    }

    /// <summary>Hashes a blob, copying it on the way. Trouble of the store is a value, trouble of the target is an exception.</summary>
    private static async Task<ExportLeftOut?> ReadAsync(ExportClip clip, FileStream source, Stream? copy, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long length = 0;
            while (true)
            {
                int read;
                try
                {
                    read = await source.ReadAsync(buffer, cancellationToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    return Missing(clip, e);
                }

                if (read == 0)
                    break;
                length += read;
                hash.AppendData(buffer, 0, read);
                if (copy is not null)
                    await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (sha256 == clip.Media.Sha256 && length == clip.Media.Length)
                return null;
            return new(clip.Id, LeftOutReason.CorruptBlob,
                $"The blob holds {length} bytes with SHA-256 {sha256}; {clip.Media.Length} bytes with {clip.Media.Sha256} are on record.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Only the kind of trouble goes into the report: its wording names paths of this machine.
    private static ExportLeftOut Missing(ExportClip clip, Exception e) => new(clip.Id, LeftOutReason.MissingBlob,
        e is FileNotFoundException or DirectoryNotFoundException ? "The media store does not hold the blob." : $"The blob cannot be read ({e.GetType().Name}).");
}

/// <summary>A clip whose blob is whole.</summary>
/// <param name="Path">Local path to read the blob from.</param>
internal sealed record PlacedClip(ExportClip Clip, string Path);

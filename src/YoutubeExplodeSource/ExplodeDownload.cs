using System.Globalization;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources.YouTube;
using YoutubeExplode;
using YoutubeExplode.Videos;
using YoutubeExplode.Videos.Streams;

namespace MedGenCluster.YoutubeExplodeSource;

/// <summary>Fetches one video: what is known of it, its subtitles, and the picture, which is gone on with where an earlier try stopped.</summary>
internal sealed class ExplodeDownload(YoutubeClient youTube, YouTubeOptions options, TimeProvider time)
{
    private const int BlockBytes = 1 << 17;

    public async Task<ClientAnswer> RunAsync(VideoId id, string folder, Action flowing, CancellationToken cancellationToken)
    {
        var video = await youTube.Videos.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (video.Duration is null)
        {
            return Refused("live", "A live stream, running or announced.");
        }

        var manifest = await youTube.Videos.Streams.GetManifestAsync(id, cancellationToken).ConfigureAwait(false);
        if (Choose(manifest) is not { } picture)
        {
            return Refused("no-video", "YouTube offers no picture for this video.");
        }

        if (picture.Size.Bytes > options.MaxBytes)
        {
            return Refused("too-large", $"The file has {picture.Size.Bytes} bytes; {options.MaxBytes} are allowed.");
        }

        await WriteInfoAsync(video, folder, cancellationToken).ConfigureAwait(false);
        var warnings = await ExplodeCaptions.WriteAsync(youTube, id, options.SubtitleLanguages, folder, cancellationToken).ConfigureAwait(false);
        await DownloadAsync(picture, folder, flowing, cancellationToken).ConfigureAwait(false);
        return new ClientAnswer(null, warnings);
    }

    /// <summary>Writes what is known of a video.</summary>
    public async Task<ClientAnswer> DescribeAsync(VideoId id, string folder, CancellationToken cancellationToken)
    {
        await WriteInfoAsync(await youTube.Videos.GetAsync(id, cancellationToken).ConfigureAwait(false), folder, cancellationToken).ConfigureAwait(false);
        return ClientAnswer.Done;
    }

    /// <summary>Without sound before with; then the nearest to the wanted size from below; then what decodes cheaply; then the better coded.</summary>
    internal IVideoStreamInfo? Choose(StreamManifest manifest) => manifest.GetVideoStreams()
        .OrderBy(stream => stream is VideoOnlyStreamInfo ? 0 : 1)
        .ThenBy(stream => Lines(stream) <= options.MaxLines ? options.MaxLines - Lines(stream) : Lines(stream))
        .ThenBy(stream => stream.VideoCodec.StartsWith("avc1", StringComparison.OrdinalIgnoreCase) ? 0 : 1)
        .ThenByDescending(stream => stream.Bitrate.BitsPerSecond)
        .FirstOrDefault();

    private static async Task WriteInfoAsync(Video video, string folder, CancellationToken cancellationToken)
    {
        var info = Path.Combine(folder, FetchFiles.Info);
        await File.WriteAllTextAsync(info + ".new", ExplodeEntry.Of(video), cancellationToken).ConfigureAwait(false);
        File.Move(info + ".new", info, overwrite: true);
    }

    private static int Lines(IVideoStreamInfo stream) => Math.Min(stream.VideoResolution.Width, stream.VideoResolution.Height);

    private async Task DownloadAsync(IVideoStreamInfo picture, string folder, Action flowing, CancellationToken cancellationToken)
    {
        // The size is the stream's identity here: a part of another stream is not gone on with.
        var part = Path.Combine(folder, $"{FetchFiles.Media}.{picture.Size.Bytes.ToString(CultureInfo.InvariantCulture)}.part");
        foreach (var other in Directory.GetFiles(folder, FetchFiles.Media + ".*.part").Where(file => file != part))
        {
            File.Delete(other);
        }

        await using (var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        await using (var stream = await youTube.Videos.Streams.GetAsync(picture, cancellationToken).ConfigureAwait(false))
        {
            // All but the last block is trusted: the last one may not have reached the disk whole.
            long from = Math.Max(0, Math.Min(file.Length, picture.Size.Bytes) - BlockBytes);
            file.SetLength(from);
            file.Position = stream.Position = from;
            await CopyAsync(stream, file, flowing, cancellationToken).ConfigureAwait(false);
            if (file.Length != picture.Size.Bytes)
            {
                throw new IOException($"The file ended after {file.Length} of {picture.Size.Bytes} bytes.");
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(part, Path.Combine(folder, FetchFiles.Media), overwrite: true);
    }

    private async Task CopyAsync(Stream stream, Stream file, Action flowing, CancellationToken cancellationToken)
    {
        var block = new byte[BlockBytes];
        long begun = time.GetTimestamp();
        long copied = 0;
        while (true)
        {
            int read;
            using (var silence = new CancellationTokenSource(options.SocketTimeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken))
            {
                read = await stream.ReadAsync(block, either.Token).ConfigureAwait(false);
            }

            if (read == 0)
            {
                return;
            }

            flowing();
            await file.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            copied += read;
            if (options.RateLimitBytes > 0 && TimeSpan.FromSeconds((double)copied / options.RateLimitBytes) - time.GetElapsedTime(begun) is var ahead && ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static ClientAnswer Refused(string code, string reason) => new(new ClientFailure(FailureKind.VideoSpecific, code, reason, Permanent: true), []);
}

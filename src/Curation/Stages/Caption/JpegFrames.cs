using System.Globalization;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages.Caption;

/// <summary>Frames of a clip as JPEG files, for captioners and people that look at them.</summary>
public static class JpegFrames
{
    /// <summary>Decodes and encodes the wanted frames in one ffmpeg run.</summary>
    /// <param name="width">Width of the pictures, pixels; the clip's own where null.</param>
    public static async Task<FrameFiles> ReadAsync(
        MediaTools tools, string path, FrameSampling.Numbers frames, CancellationToken cancellationToken, int? width = null)
    {
        using var bytes = new MemoryStream();
        var result = await tools.FfmpegAsync(
            [
                .. tools.DecoderThreads, .. MediaTools.Input(path), "-vf", FilterGraph.Join(FilterGraph.Select(frames.Indices), Scale(width)), "-fps_mode", "passthrough",
                "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1",
            ],
            (stream, token) => stream.CopyToAsync(bytes, token),
            cancellationToken).ConfigureAwait(false);
        var pictures = Split(bytes.ToArray());
        return result.Succeeded && pictures.Count == frames.Indices.Count
            ? new FrameFiles(pictures)
            : new FrameFiles([], $"ffmpeg gave {pictures.Count} of {frames.Indices.Count} frames. {result.ErrorTail}".TrimEnd());
    }

    private static IEnumerable<string> Scale(int? width) => width is { } pixels ? [string.Create(CultureInfo.InvariantCulture, $"scale={pixels}:-2")] : [];

    /// <summary>Cuts a run of JPEG files at their start and end markers; within a file's coded data 0xFF is always followed by 0 or a restart marker.</summary>
    internal static List<ReadOnlyMemory<byte>> Split(byte[] bytes)
    {
        var pictures = new List<ReadOnlyMemory<byte>>();
        var start = -1;
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] != 0xFF)
            {
                continue;
            }

            if (bytes[i + 1] == 0xD8 && start < 0)
            {
                start = i;
            }
            else if (bytes[i + 1] == 0xD9 && start >= 0)
            {
                pictures.Add(bytes.AsMemory(start, i + 2 - start));
                start = -1;
            }
        }

        return pictures;
    }
}

using System.Text.Json;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>The sidecar <c>x.info.json</c> as yt-dlp writes it.</summary>
internal static class InfoFile
{
    /// <summary>Bytes that are read at the most; a larger file is a warning.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Adds what the file says. One that cannot be used is a warning of the video.</summary>
    public static async Task<VideoMetadata> ReadAsync(string path, VideoMetadata video, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.Length > MaxBytes)
            {
                return Warn($"larger than {MaxBytes / (1024 * 1024)} MiB");
            }

            using var document = await JsonDocument.ParseAsync(stream, default, cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? MetadataReader.Read(new JsonFields(document.RootElement), video)
                : Warn("not a JSON object");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Warn(e.Message);
        }

        VideoMetadata Warn(string reason) => video with { Warnings = [.. video.Warnings, $"info.json was not used: {reason}"] };
    }
}

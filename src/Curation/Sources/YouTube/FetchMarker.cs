using System.Text.Json;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>Says in a fetch's folder that the fetch is complete. It is written last and at once, so a folder with a marker holds everything, whenever
/// the process was killed.</summary>
/// <param name="Url">What was fetched.</param>
/// <param name="Bytes">Length of the media.</param>
/// <param name="RetrievedAt">When the bytes were complete.</param>
/// <param name="Warnings">What was lost on the way, for example subtitles.</param>
internal sealed record FetchMarker(string Url, long Bytes, DateTimeOffset RetrievedAt, IReadOnlyList<string> Warnings)
{
    private const string Name = "fetched.json";

    /// <summary>The marker of a complete fetch of the address; null where there is none that fits what lies in the folder.</summary>
    public static async Task<FetchMarker?> ReadAsync(string folder, string url, CancellationToken cancellationToken)
    {
        try
        {
            var marker = JsonSerializer.Deserialize<FetchMarker>(await File.ReadAllTextAsync(Path.Combine(folder, Name), cancellationToken).ConfigureAwait(false));
            var media = new FileInfo(Path.Combine(folder, FetchFiles.Media));
            return marker is { Warnings: not null } && marker.Url == url && media.Exists && media.Length == marker.Bytes ? marker : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes the media and then the marker durable.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await using (var media = new FileStream(Path.Combine(folder, FetchFiles.Media), FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            media.Flush(flushToDisk: true);
        }

        var path = Path.Combine(folder, Name);
        await using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            await JsonSerializer.SerializeAsync(file, this, cancellationToken: cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}

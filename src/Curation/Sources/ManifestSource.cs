using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>A list of videos: one JSON object for each line (<c>.ndjson</c>, <c>.jsonl</c>, <c>.json</c>) or CSV with a header (<c>.csv</c>); any other name is
/// judged by its first character. Gzip is recognised by content. Fields: <c>path</c> or <c>url</c>, and optionally <c>id, extractor, title, description, channel,
/// channel_id, uploader, license, upload_date, duration, tags, transcript</c> and the others that yt-dlp writes. Relative paths are relative to the
/// manifest's folder.</summary>
/// <remarks>Rows stream: memory is bounded by one row. Rows that name one video twice are both found; they carry one id.</remarks>
public sealed class ManifestSource(string location) : IVideoSource
{
    private readonly string _path = Path.GetFullPath(location);

    private string Name => Path.GetFileName(_path);

    private string Folder => Path.GetDirectoryName(_path)!;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var text = await OpenAsync(cancellationToken);
        var line = 0L;
        await foreach (var row in await RowsAsync(text, cancellationToken))
        {
            line = row.Line;
            yield return row.Fields is { } fields ? Describe(row.Line, fields) : Skip(row.Line, row.Error!);
        }

        if (text.Damage is { } damage)
        {
            yield return Skip(line + 1, $"the file is cut short or damaged from here on ({damage.TrimEnd('.')}); what came before is used");
        }
    }

    private async Task<ManifestText> OpenAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_path))
        {
            throw new SourceException($"'{_path}' is a folder, not a manifest. Give a CSV or NDJSON file, or crawl it with the folder source.");
        }

        try
        {
            return await ManifestText.OpenAsync(_path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException($"The manifest '{_path}' does not exist. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SourceException($"The manifest '{_path}' cannot be read ({e.Message}). Grant read permission or choose another file.", e);
        }
    }

    private async Task<IAsyncEnumerable<ManifestRow>> RowsAsync(ManifestText text, CancellationToken cancellationToken)
    {
        var name = Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Name[..^3] : Name;
        var first = await text.PeekAsync(cancellationToken);
        var isJson = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => false,
            ".ndjson" or ".jsonl" or ".json" => true,
            _ => first is '{' or '[',
        };
        if (isJson && first == '[')
        {
            throw new SourceException($"The manifest '{_path}' is a JSON array. Write one object on each line instead (for example with jq -c '.[]').");
        }

        return isJson ? JsonRows.ReadAsync(text, cancellationToken) : CsvRows.ReadAsync(text, _path, cancellationToken);
    }

    private SourceItem Describe(long line, Fields fields)
    {
        var path = fields.Text("path");
        var url = fields.Text("url") ?? fields.Text("webpage_url");
        if (path is null && url is null)
        {
            return Skip(line, "the row names neither a path nor a url");
        }

        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            if (path is null)
            {
                return Skip(line, $"the url is not an absolute http or https address: {Fields.Shorten(url)}");
            }

            fields.Warn($"the url was not used, as it is not an absolute http or https address: {Fields.Shorten(url)}");
            url = null;
        }

        if (path?.Contains('\0') == true)
        {
            return Skip(line, "the path holds a NUL character");
        }

        var transcript = Transcript(fields);
        var known = new VideoMetadata
        {
            SourceKind = SourceKinds.Manifest,
            SourceKey = fields.Text("id") ?? url ?? Path.GetRelativePath(Folder, Absolute(path!)).Replace(Path.DirectorySeparatorChar, '/'),
            Location = path is null ? url! : Absolute(path),
            Title = path is null ? "" : Path.GetFileNameWithoutExtension(path),
            Url = url,
            TranscriptPath = transcript,
        };
        return new SourceItem.Found(MetadataReader.Read(fields, known));
    }

    private string? Transcript(Fields fields)
    {
        if (fields.Text("transcript") is not { } transcript)
        {
            return null;
        }

        var path = transcript.Contains('\0') ? transcript : Absolute(transcript);
        if (File.Exists(path))
        {
            return path;
        }

        fields.Warn($"the transcript does not exist: {Fields.Shorten(transcript)}");
        return null;
    }

    private string Absolute(string path) => Path.GetFullPath(path, Folder);

    private SourceItem.Skipped Skip(long line, string reason) => new($"{Name}:{line}", reason);
}

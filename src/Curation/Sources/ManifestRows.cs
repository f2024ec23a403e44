using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MedGenCluster.Curation.Sources;

internal static class RowErrors
{
    public const string TooLong = "the row is longer than 10 Mi characters";
}

/// <summary>A row as fields, or what is wrong with it.</summary>
internal sealed record ManifestRow(long Line, Fields? Fields, string? Error);

/// <summary>Reads one JSON object for each line.</summary>
internal static class JsonRows
{
    public static async IAsyncEnumerable<ManifestRow> ReadAsync(ManifestText text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await text.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.TooLong)
            {
                yield return new ManifestRow(line.Number, null, RowErrors.TooLong);
            }
            else if (!string.IsNullOrWhiteSpace(line.Text))
            {
                yield return Parse(line);
            }
        }
    }

    private static ManifestRow Parse(ManifestLine line)
    {
        try
        {
            using var document = JsonDocument.Parse(line.Text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ManifestRow(line.Number, new JsonFields(document.RootElement.Clone()), null)
                : new ManifestRow(line.Number, null, "not a JSON object");
        }
        catch (JsonException e)
        {
            return new ManifestRow(line.Number, null, $"not valid JSON at character {e.BytePositionInLine + 1}");
        }
    }
}

/// <summary>Reads CSV with a header of column names.</summary>
internal static class CsvRows
{
    /// <exception cref="SourceException">The header is unusable.</exception>
    public static async IAsyncEnumerable<ManifestRow> ReadAsync(
        ManifestText text, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new CsvReader(text);
        if (await reader.ReadAsync(cancellationToken) is not { } header)
        {
            yield break;
        }

        var columns = Columns(header, path);
        while (await reader.ReadAsync(cancellationToken) is { } record)
        {
            yield return record.Values is not { } values
                ? new ManifestRow(record.Line, null, record.Error)
                : values.Count != columns.Count
                    ? new ManifestRow(record.Line, null, $"{values.Count} values for the header's {columns.Count} columns")
                    : new ManifestRow(record.Line, new CsvFields(columns, values), null);
        }
    }

    private static Dictionary<string, int> Columns(CsvRecord header, string path)
    {
        if (header.Values is not { } names)
        {
            throw new SourceException($"The header of '{path}' cannot be read: {header.Error}.");
        }

        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            if (!columns.TryAdd(names[i].Trim(), i))
            {
                throw new SourceException($"The header of '{path}' names column '{Fields.Shorten(names[i])}' twice.");
            }
        }

        if (!columns.ContainsKey("path") && !columns.ContainsKey("url"))
        {
            throw new SourceException(
                $"The header of '{path}' names neither 'path' nor 'url' (it reads '{Fields.Shorten(string.Join(',', names))}'). Begin the file with a row of comma-separated column names.");
        }

        return columns;
    }
}

/// <summary>Fields of a CSV row; a list's items are separated by semicolons.</summary>
internal sealed class CsvFields(IReadOnlyDictionary<string, int> columns, IReadOnlyList<string> values) : Fields
{
    public override string? Text(string name) =>
        columns.TryGetValue(name, out var index) && !string.IsNullOrWhiteSpace(values[index]) ? values[index] : null;

    public override IReadOnlyList<string> Texts(string name) =>
        Text(name)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

namespace MedGenCluster.Curation.Sources;

/// <summary>A record, or what is wrong with it.</summary>
/// <param name="Line">Line on which it begins.</param>
/// <param name="Values">Null where <paramref name="Error"/> is not.</param>
internal sealed record CsvRecord(long Line, IReadOnlyList<string>? Values, string? Error);

/// <summary>Reads the records of a CSV file. After a malformed record it goes on with the very next line, so that a stray quote costs one row and not the
/// rest of the file.</summary>
internal sealed class CsvReader(ManifestText text)
{
    // Lines that a malformed record had taken; they are read again.
    private readonly LinkedList<ManifestLine> _again = new();

    /// <summary>The next record; null at the end. Blank lines are none.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } line)
        {
            if (line.TooLong)
            {
                return new CsvRecord(line.Number, null, RowErrors.TooLong);
            }

            if (line.Text.Length > 0)
            {
                return await ReadAsync(line, cancellationToken);
            }
        }

        return null;
    }

    private async ValueTask<CsvRecord?> ReadAsync(ManifestLine first, CancellationToken cancellationToken)
    {
        var row = new CsvRow();
        var taken = new List<ManifestLine>();
        long length = first.Text.Length;
        var status = row.Feed(first.Text, first.End);
        while (status == CsvRow.Status.NeedsMore && await NextAsync(cancellationToken) is { } line)
        {
            taken.Add(line);
            length += line.Text.Length;
            if (line.TooLong || length > ManifestText.MaxLineLength)
            {
                break;
            }

            status = row.Feed(line.Text, line.End);
        }

        if (status == CsvRow.Status.Complete)
        {
            return new CsvRecord(first.Number, row.Values, null);
        }

        if (text.Damage is not null && status == CsvRow.Status.NeedsMore)
        {
            return null;
        }

        for (var i = taken.Count - 1; i >= 0; i--)
        {
            _again.AddFirst(taken[i]);
        }

        return new CsvRecord(first.Number, null, status == CsvRow.Status.Malformed ? "text after a closing quote" : "a quote that is never closed");
    }

    private async ValueTask<ManifestLine?> NextAsync(CancellationToken cancellationToken)
    {
        if (_again.First is { } node)
        {
            _again.RemoveFirst();
            return node.Value;
        }

        return await text.ReadLineAsync(cancellationToken);
    }
}

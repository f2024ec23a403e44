using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Finds the fields of a CSV record by the header's names.</summary>
internal sealed class CsvRowReader(RowFields fields, WordFilter filter)
{
    private readonly List<FieldSlice> _values = [];
    private CsvHeader? _header;
    private Column?[] _columns = [];
    private byte _delimiter;

    public void Use(CsvHeader header, byte delimiter)
    {
        _delimiter = delimiter;
        if (_header != header)
        {
            _header = header;
            _columns = new Column?[header.Count];
            for (var i = 0; i < header.Count; i++)
            {
                _columns[i] = fields.Named(header[i]);
            }
        }
    }

    /// <summary>Reads the record at <paramref name="start"/> and returns where the next begins.</summary>
    /// <param name="text">A block: it ends with a record.</param>
    /// <param name="start">Index of the record.</param>
    /// <param name="isWellFormed">False where a quote is misplaced, or where the record has more or fewer values than the header has names.</param>
    public int Read(ReadOnlySpan<byte> text, int start, out bool isWellFormed)
    {
        var end = CsvTokenizer.Read(text, start, _delimiter, _values, out isWellFormed);
        isWellFormed &= _values.Count == _columns.Length;
        fields.Clear();
        for (var i = 0; isWellFormed && i < _columns.Length; i++)
        {
            if (_columns[i] is { } column)
            {
                fields[column] = _values[i];
            }
        }

        return end;
    }

    /// <summary>Looks for words of terms in the fields that <see cref="Read"/> has found.</summary>
    /// <param name="padded">The block, with <see cref="WordFilter.Padding"/> bytes behind it.</param>
    public void FindSuspects(ReadOnlySpan<byte> padded)
    {
        for (var column = Column.Title; column <= Column.Tags; column++)
        {
            fields.Suspect(column, fields[column] is { Length: > 0 } slice && filter.MayHold(padded, slice.Start, slice.Length, isFolded: false));
        }
    }
}

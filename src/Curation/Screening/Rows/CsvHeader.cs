using System.Text;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>The column names of a CSV or TSV file, in its order.</summary>
internal sealed class CsvHeader
{
    private readonly byte[][] _names;

    public CsvHeader(ReadOnlySpan<byte> text, byte delimiter)
    {
        var fields = new List<FieldSlice>();
        CsvTokenizer.Read(text, 0, delimiter, fields, out _);
        _names = new byte[fields.Count][];
        for (var i = 0; i < _names.Length; i++)
        {
            _names[i] = Encoding.UTF8.GetBytes(FieldDecoder.Decode(fields[i].Of(text), fields[i].Encoding).Trim());
        }
    }

    public int Count => _names.Length;

    public ReadOnlySpan<byte> this[int index] => _names[index];
}

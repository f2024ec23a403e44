using System.Text;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Where the fields of the row at hand stand. One object for all rows of a scanner.</summary>
internal sealed class RowFields
{
    private readonly FieldSlice[] _slices = new FieldSlice[Columns.Count];
    private readonly byte[]? _labelName;
    private readonly Column? _labelAlias;

    /// <param name="labelColumn">Null reads no label.</param>
    public RowFields(string? labelColumn)
    {
        _labelName = labelColumn is null ? null : Encoding.UTF8.GetBytes(labelColumn);
        _labelAlias = _labelName is null ? null : Columns.Named(_labelName);
    }

    /// <summary>Whether a label column is read.</summary>
    public bool HasLabel => _labelName is not null;

    public FieldSlice this[Column column]
    {
        get => column == Column.Label && _labelAlias is { } alias ? _slices[(int)alias] : _slices[(int)column];
        set => _slices[(int)column] = value;
    }

    /// <summary>Title, description and tags that may hold a term; a bit for each column. The others surely hold none.</summary>
    public uint Suspects { get; set; }

    public void Clear()
    {
        _slices.AsSpan().Clear();
        Suspects = 0;
    }

    public bool IsSuspect(Column column) => (Suspects & (1u << (int)column)) != 0;

    public void Suspect(Column column, bool isSuspect) =>
        Suspects = isSuspect ? Suspects | (1u << (int)column) : Suspects & ~(1u << (int)column);

    /// <summary>The column of a name, with the label's as this run calls it; null for those that nobody reads.</summary>
    public Column? Named(ReadOnlySpan<byte> name) =>
        Columns.Named(name) ?? (_labelName is not null && name.SequenceEqual(_labelName) ? Column.Label : null);

    /// <summary>A title or a description, and something that names the video.</summary>
    public bool IsComplete =>
        (Has(Column.Title) || Has(Column.Description)) && (Has(Column.Id) || Has(Column.Url) || Has(Column.WebpageUrl) || Has(Column.Path));

    private bool Has(Column column) => _slices[(int)column] is { Kind: FieldKind.Text, Length: > 0 };
}

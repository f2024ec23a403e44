using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>What stands between two values of an object, from behind the one to the start of the other: a comma, a name and a colon, or for the first an opening
/// brace, a name and a colon. Rows of one file repeat their gaps to the byte; one that has been parsed once is known by comparing.</summary>
internal sealed class JsonGap
{
    private const int Width = 32;

    private readonly Vector256<byte> _bytes;
    private readonly uint _mask;

    /// <param name="text">At most 32 bytes.</param>
    /// <param name="column">What the name stands for.</param>
    public JsonGap(ReadOnlySpan<byte> text, Column? column)
    {
        Span<byte> padded = stackalloc byte[Width];
        padded.Clear();
        text.CopyTo(padded);
        _bytes = Vector256.Create<byte>(padded);
        _mask = text.Length == Width ? uint.MaxValue : (1u << text.Length) - 1;
        Length = text.Length;
        Column = column;
        IsMatched = column is Rows.Column.Title or Rows.Column.Description or Rows.Column.Tags;
    }

    /// <summary>Stands before every row.</summary>
    public static JsonGap Root() => new([], null);

    public int Length { get; }

    public Column? Column { get; }

    /// <summary>True if terms are looked for in the value.</summary>
    public bool IsMatched { get; }

    /// <summary>The gap that last came after this one's value.</summary>
    public JsonGap? Next { get; set; }

    /// <summary>The one that came before that.</summary>
    public JsonGap? Second { get; set; }

    public static bool Fits(int length) => length <= Width;

    /// <summary>True if the text begins with this gap; 32 bytes of it must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(ref readonly byte text) => (Vector256.Equals(Vector256.LoadUnsafe(in text), _bytes).ExtractMostSignificantBits() & _mask) == _mask;
}

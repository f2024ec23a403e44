namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Where in the block a field's value stands; the default value is an absent field.</summary>
/// <param name="Start">First byte, inside the quotes of a text.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Encoding">How they stand for text.</param>
internal readonly record struct FieldSlice(int Start, int Length, FieldKind Kind, TextEncoding Encoding)
{
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> block) => block.Slice(Start, Length);
}

internal enum FieldKind : byte
{
    Absent,

    /// <summary>A text, or a number or truth value as the row writes it.</summary>
    Text,

    /// <summary>A JSON array that holds nothing but texts, with its brackets.</summary>
    TextArray,

    /// <summary>A JSON array that holds other values too, with its brackets; they are passed over.</summary>
    MixedArray,
}

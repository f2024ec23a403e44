using System.Text;

namespace MedGenCluster.Curation.Screening.Report;

/// <summary>Reads the label column of rows whose truth is known.</summary>
public static class MedicalLabel
{
    /// <summary>True for <c>medical</c>, <c>true</c>, <c>1</c>; false for <c>non-medical</c>, <c>false</c>, <c>0</c>; null for anything else. Case and
    /// surrounding white space do not matter, nor whether <c>non-medical</c> is written with a hyphen, an underscore, a space or nothing.</summary>
    public static bool? Parse(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.Trim(" \t\r"u8);
        return utf8 switch
        {
            [(byte)'1'] => true,
            [(byte)'0'] => false,
            _ when Is(utf8, "medical"u8) || Is(utf8, "true"u8) => true,
            _ when Is(utf8, "non-medical"u8) || Is(utf8, "non_medical"u8) || Is(utf8, "non medical"u8) || Is(utf8, "nonmedical"u8) || Is(utf8, "false"u8) => false,
            _ => null,
        };
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static bool? Parse(string? text) => text is null ? null : Parse(Encoding.UTF8.GetBytes(text));

    private static bool Is(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(utf8, word);
}

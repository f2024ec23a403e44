using System.Text;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>The form in which terms are kept and texts are compared: folded letters in lower case, one space for any run of white space and hyphens.</summary>
internal static class TermNormalForm
{
    /// <summary>Letters and digits of any script in folded text: beyond ASCII nothing else is left.</summary>
    public static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value >= 0x80;

    /// <summary>What counts as a space between words in folded text.</summary>
    public static bool IsSpaceByte(byte value) => value is (byte)' ' or (>= 9 and <= 13) or (byte)'-';

    public static string Of(string text)
    {
        var folder = new TextFolder();
        var length = folder.Fold(Encoding.UTF8.GetBytes(text), TextEncoding.Plain);
        return Encoding.UTF8.GetString(Of(folder.Padded[..length]));
    }

    public static byte[] Of(ReadOnlySpan<byte> folded)
    {
        var form = new List<byte>(folded.Length);
        foreach (var value in folded)
        {
            if (!IsSpaceByte(value))
            {
                form.Add(value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value);
            }
            else if (form.Count == 0 || form[^1] != ' ')
            {
                form.Add((byte)' ');
            }
        }

        return [.. form];
    }

    /// <summary>Why a normal form cannot be a term; null where it can.</summary>
    public static string? Fault(ReadOnlySpan<byte> term)
    {
        if (term.Length == 0 || !IsWordByte(term[0]) || !IsWordByte(term[^1]))
        {
            return "begins or ends with something that is neither letter nor digit";
        }

        // A quote or a comma separates tags; a backslash and a sign beyond ASCII do not survive folding as themselves.
        return term.IndexOfAny("\",\\"u8) >= 0 || term.ContainsAnyInRange((byte)0, (byte)0x1F)
            ? "holds a quote, a comma, a backslash or a sign beyond ASCII"
            : null;
    }
}

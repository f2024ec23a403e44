using System.Text;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>Canonical decomposition (NFD) of single characters without nonspacing marks. The base library's normalisation needs ICU,
/// which invariant globalization leaves out.</summary>
internal static class AccentRemoval
{
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int Vowels = 21;
    private const int Finals = 28;

    private static readonly Dictionary<int, string> Plain = Read();

    /// <summary>The plain characters of <paramref name="rune"/>, or null where it is plain itself. Marks are for the caller to drop.</summary>
    public static string? Of(Rune rune)
    {
        if (rune.Value is >= FirstSyllable and <= LastSyllable)
            return Jamo(rune.Value - FirstSyllable);
        return rune.Value < 0x80 ? null : Plain.GetValueOrDefault(rune.Value);
    }

    /// <summary>A Hangul syllable is its letters (Unicode, section 3.12).</summary>
    private static string Jamo(int syllable)
    {
        var (first, vowel, final) = (syllable / (Vowels * Finals), syllable / Finals % Vowels, syllable % Finals);
        Span<char> letters = [(char)(0x1100 + first), (char)(0x1161 + vowel), (char)(0x11A7 + final)];
        return new string(final == 0 ? letters[..2] : letters);
    }

    private static Dictionary<int, string> Read()
    {
        using var reader = new StreamReader(typeof(AccentRemoval).Assembly.GetManifestResourceStream("decompositions.tsv")!, Encoding.UTF8);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var cells = line.Split('\t');
            foreach (var rune in cells[1].EnumerateRunes())
                table.Add(rune.Value, cells[0]);
        }
        return table;
    }
}

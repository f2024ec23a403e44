using System.Globalization;
using System.Text;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>What a character outside ASCII is for the keyword matcher: a letter or digit in lower case and without accents, a space, an apostrophe, another
/// sign, or nothing. Pages of 256 characters are worked out when a text first needs them.</summary>
internal static class LetterFolding
{
    /// <summary>Stands for every sign that is neither space nor apostrophe; no term contains it.</summary>
    public const byte Sign = 0x1A;

    private const int PageSize = 256;

    private static readonly Dictionary<int, string> Plain = ReadTable();
    private static readonly ulong[]?[] Pages = new ulong[]?[0x110000 / PageSize];

    /// <summary>The characters that become plain letters of another kind, and those that vanish.</summary>
    public static IEnumerable<Rune> Remarkable =>
        Plain.Keys.Concat(Ignored.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))).Select(value => new Rune(value));

    /// <summary>Up to seven UTF-8 bytes from the lowest on, their number in the highest byte.</summary>
    public static ulong Of(int codePoint)
    {
        var page = Volatile.Read(ref Pages[codePoint / PageSize]) ?? Build(codePoint / PageSize);
        return page[codePoint % PageSize];
    }

    /// <summary>Two threads may build the same page at once; they write equal ones.</summary>
    private static ulong[] Build(int number)
    {
        var page = new ulong[PageSize];
        for (var i = 0; i < PageSize; i++)
        {
            page[i] = Rune.TryCreate((number * PageSize) + i, out var rune) ? Pack(rune) : Pack([Sign]);
        }

        Volatile.Write(ref Pages[number], page);
        return page;
    }

    private static ulong Pack(Rune rune)
    {
        if (Plain.TryGetValue(rune.Value, out var plain))
        {
            return Pack(Encoding.UTF8.GetBytes(plain));
        }

        Span<byte> bytes = stackalloc byte[4];
        return rune.Value switch
        {
            _ when IsIgnored(rune.Value) => Pack([]),
            0x2018 or 0x2019 or 0x02BC or 0xFF07 => Pack("'"u8),
            0x200B or 0x2212 or 0x00A0 => Pack(" "u8),
            _ => Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.DashPunctuation => Pack(" "u8),
                UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                    or UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                    => Pack(bytes[..Rune.ToLowerInvariant(rune).EncodeToUtf8(bytes)]),
                _ => Pack([Sign]),
            },
        };
    }

    /// <summary>Accents that follow their letter, the vowel points of Hebrew and Arabic, and what only steers how a letter or an emoji is drawn. Other marks,
    /// such as the vowels of Indic scripts, are part of the word.</summary>
    private static readonly (int First, int Last)[] Ignored =
    [
        (0x00AD, 0x00AD), (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x064B, 0x065F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x200C, 0x200F),
        (0x2060, 0x2060), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF), (0xE0000, 0xE01EF),
    ];

    private static bool IsIgnored(int value)
    {
        foreach (var (first, last) in Ignored)
        {
            if (first <= value && value <= last)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong Pack(ReadOnlySpan<byte> bytes)
    {
        var packed = (ulong)bytes.Length << 56;
        for (var i = 0; i < bytes.Length; i++)
        {
            packed |= (ulong)bytes[i] << (8 * i);
        }

        return packed;
    }

    private static Dictionary<int, string> ReadTable()
    {
        using var stream = typeof(LetterFolding).Assembly.GetManifestResourceStream("letters.tsv")
            ?? throw new InvalidOperationException("The assembly was built without its table of letters.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split('\t') is [var plain, var letters])
            {
                foreach (var letter in letters.EnumerateRunes())
                {
                    table.Add(letter.Value, plain);
                }
            }
        }

        return table;
    }
}

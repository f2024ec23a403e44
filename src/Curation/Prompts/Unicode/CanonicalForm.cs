using System.Globalization;
using System.Text;

namespace MedGenCluster.Curation.Prompts.Unicode;

/// <summary>Unicode's normalisation form C (UAX #15): two spellings of the same text become the same bytes. The base library's own needs ICU, which
/// invariant globalization leaves out.</summary>
/// <remarks><c>canonical.tsv</c> has a line for every character with a combining class or a canonical decomposition (Unicode 14): code point, class,
/// decomposition, and 1 where the pair composes again.</remarks>
public static class CanonicalForm
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Lazy<Tables> Data = new(Read);

    /// <param name="text">Well-formed UTF-16.</param>
    public static string Compose(string text)
    {
        // Nothing below U+0300 combines with what follows, and nothing there decomposes in form C.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0)
            return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);
        return Write(Combine(runes));
    }

    private static void Decompose(int rune, List<int> into)
    {
        if (rune is >= SBase and < SBase + SCount)
        {
            var syllable = rune - SBase;
            into.Add(LBase + (syllable / (VCount * TCount)));
            into.Add(VBase + (syllable % (VCount * TCount) / TCount));
            if (syllable % TCount is > 0 and var final)
                into.Add(TBase + final);
        }
        else if (Data.Value.Decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Puts marks behind a character into the order of their classes; marks of one class keep theirs.</summary>
    private static void Order(List<int> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var (rune, order) = (runes[i], Class(runes[i]));
            var at = i;
            for (; order > 0 && at > 0 && Class(runes[at - 1]) > order; at--)
                runes[at] = runes[at - 1];
            runes[at] = rune;
        }
    }

    private static List<int> Combine(List<int> runes)
    {
        var composed = new List<int>(runes.Count);
        var (starter, last) = (-1, 0);
        foreach (var rune in runes)
        {
            var order = Class(rune);

            // A mark of the same or a higher class in between, or any starter, keeps the two apart.
            var blocked = composed.Count - starter > 1 && (last == 0 || last >= order);
            if (starter >= 0 && !blocked && Pair(composed[starter], rune) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (order == 0)
                starter = composed.Count;
            last = order;
            composed.Add(rune);
        }

        return composed;
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            return SBase + ((((first - LBase) * VCount) + (second - VBase)) * TCount);
        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
            return first + (second - TBase);
        return Data.Value.Pairs.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private static int Class(int rune) => rune < 0x300 ? 0 : Data.Value.Classes.GetValueOrDefault(rune);

    private static string Write(List<int> runes)
    {
        var text = new StringBuilder(runes.Count);
        foreach (var rune in runes)
            text.Append(new Rune(rune));
        return text.ToString();
    }

    private static Tables Read()
    {
        var tables = new Tables([], [], []);
        using var reader = new StreamReader(typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical.tsv")!);
        while (reader.ReadLine() is { } line)
        {
            var columns = line.Split('\t');
            var rune = int.Parse(columns[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (columns[1] != "0")
                tables.Classes[rune] = byte.Parse(columns[1], CultureInfo.InvariantCulture);
            if (columns[2].Length == 0)
                continue;
            var parts = Array.ConvertAll(columns[2].Split(' '), part => int.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            tables.Decompositions[rune] = parts;
            if (columns[3] == "1")
                tables.Pairs[(parts[0], parts[1])] = rune;
        }

        return tables;
    }

    private sealed record Tables(Dictionary<int, byte> Classes, Dictionary<int, int[]> Decompositions, Dictionary<(int First, int Second), int> Pairs);
}

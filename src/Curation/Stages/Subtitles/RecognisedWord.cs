using System.Globalization;

namespace MedGenCluster.Curation.Stages.Subtitles;

/// <summary>A word on a frame.</summary>
/// <param name="Confidence">0 to 100.</param>
/// <param name="Area">Of its box, pixels.</param>
public sealed record RecognisedWord(string Text, double Confidence, long Area)
{
    /// <summary>Digits, punctuation and single letters are what textures and instruments look like to a recogniser.</summary>
    public bool IsWord => Text.Count(char.IsLetter) >= 2;
}

/// <summary>Reads tesseract's table of recognised text.</summary>
internal static class TesseractTable
{
    private const int PageLevel = 1, WordLevel = 5, Columns = 12;

    /// <summary>The words of each page, in order. Pages without words are there, too.</summary>
    public static IReadOnlyList<IReadOnlyList<RecognisedWord>> Parse(string table)
    {
        var pages = new SortedDictionary<int, List<RecognisedWord>>();
        foreach (var line in table.Split('\n'))
        {
            var fields = line.TrimEnd('\r').Split('\t');
            if (fields.Length < Columns - 1 || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out int level) || level is not (PageLevel or WordLevel))
                continue;
            int page = int.Parse(fields[1], CultureInfo.InvariantCulture);
            if (!pages.TryGetValue(page, out var words))
                pages[page] = words = [];
            if (level == WordLevel && fields.Length == Columns && fields[11].Trim() is { Length: > 0 } text)
                words.Add(new RecognisedWord(text, Math.Round(Number(fields[10]), 2), (long)(Number(fields[8]) * Number(fields[9]))));
        }

        return [.. pages.Values];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Tests.Screening;

/// <summary>Reads one title as a row of a file.</summary>
internal sealed class Scan : ICandidateSink
{
    private List<MatchedTerm> _terms = [];
    private string? _title;

    /// <param name="matcher">What is looked for.</param>
    /// <param name="title">The title; what is read back must be it.</param>
    /// <param name="isEscaped">Whether a character at an index is written as a numeric escape.</param>
    public static IReadOnlyList<MatchedTerm> Json(KeywordMatcher matcher, string title, Func<char, int, bool> isEscaped)
    {
        var text = new StringBuilder("{\"id\": \"1\", \"title\": \"");
        for (var i = 0; i < title.Length; i++)
        {
            var letter = title[i];
            // The halves of a pair are written alike.
            var number = char.IsLowSurrogate(letter) ? i - 1 : i;
            _ = isEscaped(letter, number) ? text.Append($"\\u{(int)letter:x4}")
                : letter switch
                {
                    '"' or '\\' => text.Append('\\').Append(letter),
                    '\n' => text.Append("\\n"),
                    '\t' => text.Append("\\t"),
                    _ => text.Append(letter),
                };
        }

        return Read(matcher, text.Append("\"}\n").ToString(), CandidateFormat.Ndjson, title);
    }

    public static IReadOnlyList<MatchedTerm> Csv(KeywordMatcher matcher, string title) =>
        Read(matcher, $"id,title\r\n1,\"{title.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n", CandidateFormat.Csv, title);

    public void Hit(in CandidateHit hit) => (_terms, _title) = ([.. hit.Terms], hit.Row.Title);

    public void Trouble(RowTrouble trouble, long line)
    {
        // A title of white space alone is none.
        if (trouble != RowTrouble.MissingFields)
        {
            throw new InvalidOperationException($"{trouble} in line {line}");
        }
    }

    private static List<MatchedTerm> Read(KeywordMatcher matcher, string file, CandidateFormat format, string title)
    {
        var sink = new Scan();
        // The second of two equal rows is read by what was learned from the first.
        using var blocks = CandidateBlocks.Of(new MemoryStream(Encoding.UTF8.GetBytes(format == CandidateFormat.Ndjson ? file + file : file)), new CandidateBlockOptions { Format = format });
        using var block = blocks.Read();
        new CandidateScanner(matcher).Scan(block!, sink);
        Assert.True(sink._title is null || sink._title == title);
        return sink._terms;
    }
}

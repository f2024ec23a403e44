using System.Text;
using MedGenCluster.Engine.Export.Formats;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>The tables of the card: statistics, fields and licences.</summary>
internal static class CardTables
{
    public static void Statistics(StringBuilder card, CardData data)
    {
        card.Line("## Statistics").Line();
        card.Line("Standard deviations are those of the whole set; quartiles are interpolated; words are counted between white space.").Line();
        card.Line("| quantity | count | mean | std | min | 25 % | median | 75 % | max |").Line("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        Row("duration (s)", data.Durations);
        Row("words, brief caption", data.BriefWords);
        Row("words, detailed caption", data.DetailedWords);
        foreach (var (name, values) in data.Scores)
            Row(Markdown.Code(name), values);
        card.Line();

        card.Line("| category | clips | share |").Line("|---|---:|---:|");
        Counts(data.Categories);
        card.Line();
        card.Line("| resolution | clips | share |").Line("|---|---:|---:|");
        Counts(data.Clips.GroupBy(c => c.Resolution).ToDictionary(g => g.Key, g => g.LongCount()));
        card.Line();

        void Row(string name, IReadOnlyList<double> values)
        {
            var cells = Export.Statistics.Of(values) is { } s
                ? string.Join(" | ", new[] { s.Mean, s.Std, s.Min, s.Q1, s.Median, s.Q3, s.Max }.Select(Numbers.Short).Prepend(Numbers.Count(s.Count)))
                : "0 | – | – | – | – | – | – | –";
            card.Line($"| {name} | {cells} |");
        }

        void Counts(IReadOnlyDictionary<string, long> counts) => CountRows(card, counts, data.Clips.Count);
    }

    public static void Fields(StringBuilder card, CardData data, IReadOnlyList<string> scores)
    {
        if ((data.Formats & (ExportFormats.VideoFolder | ExportFormats.WebDataset)) == 0)
            return;
        card.Line(data.Formats.HasFlag(ExportFormats.VideoFolder) ? $"## Fields of {ExportLayout.Metadata}" : "## Fields of the JSON files in the shards").Line();
        card.Line("| field | meaning |").Line("|---|---|");
        foreach (var (name, meaning) in MetadataRow.Fields)
            card.Line($"| `{name}` | {meaning} |");
        foreach (var score in scores)
            card.Line($"| {Markdown.Code(MetadataRow.Column(score))} | score; null where it was not measured |");
        if (data.Formats.HasFlag(ExportFormats.WebDataset))
            card.Line().Line("A JSON file in a shard has these fields, with the name inside the shard as `file_name`.");
        card.Line();
    }

    public static void Licences(StringBuilder card, CardData data)
    {
        card.Line("## Licences of the sources").Line();
        card.Line("Each clip stays under the licence of its source (`licence`, `source_url`). The table counts clips by the licence that the source states;");
        card.Line("a licence that is not stated is not a permission.").Line();
        card.Line("| licence | clips | share |").Line("|---|---:|---:|");
        CountRows(card, data.Licences, data.Clips.Count);
        card.Line();
    }

    private static void CountRows(StringBuilder card, IReadOnlyDictionary<string, long> counts, int total)
    {
        foreach (var (name, count) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
            card.Line($"| {Markdown.Literal(name)} | {Numbers.Count(count)} | {Numbers.Percent(count, total)} |");
    }
}

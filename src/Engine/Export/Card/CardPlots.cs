using MedGenCluster.Engine.Export.Charts;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>A plot of the card.</summary>
/// <param name="File">Name under <c>plots/</c>.</param>
/// <param name="Caption">What it shows, for those who cannot see it.</param>
internal sealed record CardPlot(string File, string Caption, string Svg);

/// <summary>The plots of an export: funnel, durations, caption lengths, categories and each score.</summary>
internal static class CardPlots
{
    public const string Funnel = "funnel.svg";

    public static IReadOnlyList<CardPlot> Draw(CardData data)
    {
        var plots = new List<CardPlot>
        {
            new(Funnel, "Funnel of the curation", new FunnelChart { Title = "From candidates to clips", Funnel = data.Funnel }.ToSvg()),
            new("durations.svg", "Histogram of clip durations",
                new Histogram { Title = "Clip duration", Quantity = "duration (s)", Values = data.Durations }.ToSvg()),
            new("caption-words-brief.svg", "Histogram of words per brief caption",
                new Histogram { Title = "Length of brief captions", Quantity = "words", Values = data.BriefWords, Integral = true }.ToSvg()),
            new("caption-words-detailed.svg", "Histogram of words per detailed caption",
                new Histogram { Title = "Length of detailed captions", Quantity = "words", Values = data.DetailedWords, Integral = true }.ToSvg()),
            new("categories.svg", "Clips by category", new BarChart { Title = "Categories", Counts = data.Categories }.ToSvg()),
        };

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, values) in data.Scores)
        {
            var file = Slug(name);
            for (var i = 2; !names.Add(file); i++)
                file = $"{Slug(name)}-{i}";
            plots.Add(new($"score-{file}.svg", $"Histogram of {name}", new Histogram
            {
                Title = Words(name),
                Quantity = name,
                Values = values,
                Integral = values.All(v => v == Math.Floor(v)) && values.Distinct().Count() > 1,
                Marks = [.. data.Summary.Thresholds.Where(t => t.Score == name).Select(t => new ChartMark(t.Value, $"{Numbers.Short(t.Value)}: {t.Rule}"))],
            }.ToSvg()));
        }

        return plots;
    }

    private static string Words(string name)
    {
        var words = name.Replace('-', ' ').Replace('_', ' ').Replace(".", ": ");
        return words.Length > 0 ? char.ToUpperInvariant(words[0]) + words[1..] : words;
    }

    private static string Slug(string name)
    {
        var slug = string.Concat(name.ToLowerInvariant().Take(60).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return slug.Length > 0 ? slug : "unnamed";
    }
}

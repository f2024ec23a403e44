using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>Everything that the card and the plots show, computed once from the exported clips.</summary>
internal sealed class CardData
{
    public const string Uncategorised = "uncategorised";

    public CardData(string datasetName, ExportSummary summary, IReadOnlyList<ExportClip> clips, ExportReport report, ExportFormats formats)
    {
        (DatasetName, Summary, Clips, Report, Formats) = (datasetName, summary, clips, report, formats);
        Durations = [.. clips.Select(c => c.DurationSeconds)];
        BriefWords = [.. clips.Where(c => c.BriefCaption.Length > 0).Select(c => (double)Words(c.BriefCaption))];
        DetailedWords = [.. clips.Where(c => c.DetailedCaption.Length > 0).Select(c => (double)Words(c.DetailedCaption))];
        Categories = clips.GroupBy(c => string.IsNullOrWhiteSpace(c.Category) ? Uncategorised : c.Category.Trim(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal);
        Licences = Card.Licences.Counts(clips);
        Scores = [.. clips.SelectMany(c => c.Scores.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => (name, (IReadOnlyList<double>)[.. clips.Where(c => c.Scores.ContainsKey(name)).Select(c => c.Scores[name])]))];
    }

    public string DatasetName { get; }

    public ExportSummary Summary { get; }

    public IReadOnlyList<ExportClip> Clips { get; }

    public ExportReport Report { get; }

    public ExportFormats Formats { get; }

    public IReadOnlyList<double> Durations { get; }

    public IReadOnlyList<double> BriefWords { get; }

    public IReadOnlyList<double> DetailedWords { get; }

    public IReadOnlyDictionary<string, long> Categories { get; }

    public IReadOnlyDictionary<string, long> Licences { get; }

    public IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Scores { get; }

    public CurationOptions? Options => Summary.Options;

    /// <summary>The funnel with the export's own refusals as its last stage, where there are any.</summary>
    public ExportFunnel Funnel => Report.LeftOut.Count == 0
        ? Summary.Funnel
        : new([.. Summary.Funnel.Rows, new ExportFunnelRow("export", "clips", Clips.Count + Report.LeftOut.Count,
            Report.LeftOut.GroupBy(l => Export.Formats.ReportFormat.Name(l.Reason)).ToDictionary(g => g.Key, g => g.LongCount()), Clips.Count)]);

    /// <summary>Words between white space.</summary>
    public static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}

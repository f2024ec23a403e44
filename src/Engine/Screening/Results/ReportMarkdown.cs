using System.Globalization;
using System.Text;
using MedGenCluster.Engine.Export.Card;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>The report as a page. Titles and names come from outside: they are shown as text and never act as markup.</summary>
internal static class ReportMarkdown
{
    public static string Write(ScreeningReport report)
    {
        var page = new StringBuilder();
        page.Append("# Screening of candidates\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{report.Rows:N0} rows ({report.Bytes / 1e6:N1} MB) of {report.Inputs.Count} files gave **{report.Survivors:N0} survivors** in {report.Channels:N0} channels.\n\n");
        page.Append("| step | rows | share of all |\n|---|---:|---:|\n");
        Step(page, report, "read", report.Rows);
        Step(page, report, "keyword hit", report.KeywordHits);
        Step(page, report, report.Classifier is null ? "rejected (the classifier was skipped)" : "rejected by the classifier", report.Rejected);
        Step(page, report, "duplicate of an earlier survivor", report.Duplicates);
        Step(page, report, "survivor", report.Survivors);
        page.Append(CultureInfo.InvariantCulture, $"\nDictionary {Markdown.Code(report.Dictionary)}");
        page.Append(report.Classifier is { } classifier
            ? string.Create(CultureInfo.InvariantCulture, $", classifier {Markdown.Code(classifier.Version)}{(classifier.IsDemo ? " (**demo pack**: its probabilities mean something on made-up texts only)" : "")}, least probability {report.MinProbability}.\n")
            : ", no classifier.\n");
        Troubles(page, report);
        Names(page, "Categories", "category", report.Categories);
        Names(page, $"Terms (the {ScreeningReport.MaxTerms} most frequent)", "term", report.TopTerms);
        if (report.Labels is { } labels)
        {
            Labels(page, report, labels);
        }

        return page.ToString();
    }

    private static void Step(StringBuilder page, ScreeningReport report, string name, long count) =>
        page.Append(CultureInfo.InvariantCulture, $"| {name} | {count:N0} | {(report.Rows == 0 ? 0 : 100.0 * count / report.Rows):F2} % |\n");

    private static void Troubles(StringBuilder page, ScreeningReport report)
    {
        page.Append("\n## Trouble\n\n");
        if (report.Troubles.Count == 0)
        {
            page.Append("None.\n");
            return;
        }

        page.Append("| kind | count | first at |\n|---|---:|---|\n");
        foreach (var trouble in report.Troubles)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {trouble.Kind} | {trouble.Count:N0} | {string.Join(", ", trouble.First.Select(Place))} |\n");
        }
    }

    private static void Names(StringBuilder page, string title, string column, IReadOnlyList<ReportedName> names)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| {column} | hits | survivors |\n|---|---:|---:|\n");
        foreach (var name in names)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Markdown.Literal(name.Name)} | {name.Hits:N0} | {name.Survivors:N0} |\n");
        }
    }

    private static void Labels(StringBuilder page, ScreeningReport report, ReportedLabels labels)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## Against the labels in column {Markdown.Code(report.LabelColumn!)}\n\n");
        page.Append("A row that the keyword stage drops counts as predicted non-medical.");
        page.Append(CultureInfo.InvariantCulture, $" {labels.Unlabelled:N0} usable rows have no label that says either.\n\n");
        page.Append("| | precision | recall | F1 | true positives | false positives | false negatives | true negatives |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        Stage(page, "keyword stage", labels.Keyword);
        Stage(page, "both stages", labels.Both);
        Examples(page, "Most confident false positives", labels.FalsePositives);
        Examples(page, "Most confident false negatives of the classifier", labels.FalseNegatives);
        Examples(page, "Medical rows without a term of the dictionary (the first ones)", labels.Missed);
    }

    private static void Stage(StringBuilder page, string name, ReportedStage stage) => page.Append(
        CultureInfo.InvariantCulture,
        $"| {name} | {Share(stage.Precision)} | {Share(stage.Recall)} | {Share(stage.F1)} | {stage.TruePositives:N0} | {stage.FalsePositives:N0} | {stage.FalseNegatives:N0} | {stage.TrueNegatives:N0} |\n");

    private static void Examples(StringBuilder page, string title, IReadOnlyList<Misjudged> rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n");
        if (rows.Count == 0)
        {
            page.Append("None.\n");
            return;
        }

        page.Append("| probability | title | id | at |\n|---:|---|---|---|\n");
        foreach (var row in rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Share(row.Probability)} | {Markdown.Literal(row.Title)} | {Markdown.Literal(row.Id)} | {Place(new RowPlace(row.Input, row.Line))} |\n");
        }
    }

    private static string Share(double? value) => value is { } share ? share.ToString("F4", CultureInfo.InvariantCulture) : "";

    private static string Place(RowPlace place) => Markdown.Literal(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(place.Input)}:{place.Line}"));
}

using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;
using MedGenCluster.GpuWorkers.Text;
using Xunit.Abstractions;

namespace MedGenCluster.GpuWorkers.Tests.Text;

/// <summary>Both stages of the screening on tests/data/screening/labelled.ndjson, whose phrases no training saw. A row is said to be
/// medical where a term of the dictionary occurs and the classifier of the demo pack gives at least 0.5.</summary>
public sealed class LabelledSetTests(ITestOutputHelper output)
{
    private const double Threshold = 0.5;
    private const int ErrorsShown = 15;

    [RuntimeFact]
    public async Task Dictionary_and_classifier_together_reach_a_precision_and_a_recall_of_95_in_100()
    {
        var rows = Rows();
        var medical = rows.Count(row => row.IsMedical);
        Assert.True(rows.Count >= 2000 && medical >= 0.4 * rows.Count && medical <= 0.6 * rows.Count, $"{medical} of {rows.Count} rows are medical");
        var matcher = new KeywordMatcher(KeywordDictionary.Standard);
        await using var catalog = new ModelCatalog(ModelPack.Load(Repository.DemoPack), Runtime.Instance, null, new(), TimeProvider.System);

        bool[] hits = [.. rows.Select(row => matcher.Match(row.Title, row.Description).Count > 0)];
        var scores = await new TextClassifier(catalog).ScoreAsync([.. rows.Select(row => ScreeningText.Of(row.Title, row.Description))], CancellationToken.None);

        Show("dictionary alone", rows, [.. hits.Select(hit => hit ? 1.0 : 0)]);
        Show("classifier alone", rows, [.. scores]);
        var (precision, recall) = Show("both", rows, [.. scores.Select((score, i) => hits[i] ? score : 0)]);
        Assert.True(precision >= 0.95, $"precision {precision:F4}");
        Assert.True(recall >= 0.95, $"recall {recall:F4}");
    }

    private (double Precision, double Recall) Show(string name, List<Row> rows, double[] scores)
    {
        var judged = rows.Zip(scores, (row, score) => (row, score, said: score >= Threshold)).ToList();
        int Count(bool medical, bool said) => judged.Count(item => item.row.IsMedical == medical && item.said == said);
        var (hit, missed, false_, passed) = (Count(true, true), Count(true, false), Count(false, true), Count(false, false));
        var (precision, recall) = ((double)hit / (hit + false_), (double)hit / (hit + missed));
        output.WriteLine($"{name}: precision {precision:F4}, recall {recall:F4}; medical {hit} found, {missed} missed; non-medical {passed} passed over, {false_} taken");
        foreach (var (row, score, said) in judged.Where(item => item.row.IsMedical != item.said).OrderByDescending(item => Math.Abs(item.score - Threshold)).Take(ErrorsShown))
            output.WriteLine($"  {(said ? "taken" : "missed")} {score:F3} {row.Title} | {row.Description}");
        return (precision, recall);
    }

    private static List<Row> Rows() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "data", "screening", "labelled.ndjson")).Select(line =>
        {
            var json = JsonDocument.Parse(line).RootElement;
            return new Row(json.GetProperty("title").GetString()!, json.GetProperty("description").GetString()!, json.GetProperty("label").GetString() == "medical");
        }),
    ];

    private sealed record Row(string Title, string Description, bool IsMedical);
}

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class LabelTests : IDisposable
{
    private readonly ScreeningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static string Row(string id, string title, string label) => ScreeningBench.Row(id, title, more: $",\"truth\":{label}");

    private MedGenCluster.Engine.Screening.ScreeningOptions Labelled => _bench.Options with { LabelColumn = "truth" };

    [Fact]
    public async Task Both_stages_are_judged_by_every_row_with_a_label()
    {
        _bench.Write("a.ndjson",
            Row("1", "aorta p=0.90", "\"medical\""), Row("2", "endoscopy p=0.80", "true"), Row("3", "aorta p=0.70", "1"),
            Row("4", "aorta p=0.20", "\"Medical\""), Row("5", "no term", "1"),
            Row("6", "aorta p=0.60", "\"non-medical\""), Row("7", "aorta p=0.10", "0"), Row("8", "cats", "false"), Row("9", "dogs", "\"non_medical\""),
            Row("10", "cats", "\"perhaps\""), Row("11", "aorta p=0.90", "null"), ScreeningBench.Row("12", "birds"));

        var labels = (await _bench.CompleteAsync(Labelled)).Labels!;

        Assert.Equal((4L, 2L, 1L, 2L), (labels.Keyword.TruePositives, labels.Keyword.FalsePositives, labels.Keyword.FalseNegatives, labels.Keyword.TrueNegatives));
        Assert.Equal((3L, 1L, 2L, 3L), (labels.Both.TruePositives, labels.Both.FalsePositives, labels.Both.FalseNegatives, labels.Both.TrueNegatives));
        Assert.Equal(3, labels.Unlabelled);
        Assert.Equal(0.75, labels.Both.Precision);
        Assert.Equal(0.6, labels.Both.Recall);
        Assert.Equal(2.0 / 3, labels.Both.F1!.Value, 12);
    }

    [Fact]
    public async Task A_duplicate_is_judged_as_what_the_stages_said_of_it()
    {
        _bench.Write("a.ndjson", Row("1", "aorta", "1"), Row("1", "aorta", "1"));

        var report = await _bench.CompleteAsync(Labelled);

        Assert.Equal((1, 2), (report.Survivors, report.Labels!.Both.TruePositives));
    }

    [Fact]
    public async Task The_worst_errors_come_first_with_title_and_score()
    {
        _bench.Write("a.ndjson",
            Row("1", "aorta p=0.60", "0"), Row("2", "aorta p=0.95", "0"), Row("3", "aorta p=0.30", "1"), Row("4", "aorta p=0.02", "1"), Row("5", "a sickness \\u00e9", "1"));

        var labels = (await _bench.CompleteAsync(Labelled)).Labels!;

        Assert.Equal([("aorta p=0.95", 0.95), ("aorta p=0.60", 0.6)], labels.FalsePositives.Select(row => (row.Title, row.Probability!.Value)));
        Assert.Equal([("aorta p=0.02", 0.02), ("aorta p=0.30", 0.3)], labels.FalseNegatives.Select(row => (row.Title, row.Probability!.Value)));
        var missed = Assert.Single(labels.Missed);
        Assert.Equal(("a sickness é", "5", 5L), (missed.Title, missed.Id, missed.Line));
        Assert.Contains("| 0.9500 | aorta p=0.95 | 2 |", File.ReadAllText(_bench.Results.Report));
    }

    [Fact]
    public async Task Only_so_many_errors_are_kept_however_many_there_are()
    {
        _bench.Write("a.ndjson", [.. Enumerable.Range(0, 400).Select(i => Row($"v{i}", $"aorta p=0.{i % 100:00}", i % 2 == 0 ? "1" : "0"))]);

        var labels = (await _bench.CompleteAsync(Labelled)).Labels!;

        Assert.Equal(20, labels.FalsePositives.Count);
        Assert.Equal(0.99, labels.FalsePositives[0].Probability);
        Assert.Equal(0.91, labels.FalsePositives[^1].Probability);
        Assert.Equal(20, labels.FalseNegatives.Count);
        Assert.Equal(0.08, labels.FalseNegatives[^1].Probability);
    }

    [Fact]
    public async Task Without_a_label_column_nothing_is_judged()
    {
        _bench.Write("a.ndjson", Row("1", "aorta", "1"));

        Assert.Null((await _bench.CompleteAsync()).Labels);
    }

    [Fact]
    public async Task Terms_and_categories_are_counted_by_row_at_both_stages()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("1", "aorta aorta endoscopy"), ScreeningBench.Row("2", "aorta p=0.10"), ScreeningBench.Row("3", "x", more: ",\"description\":\"aorta\""));

        var report = await _bench.CompleteAsync();

        Assert.Equal(["aorta 3 2", "endoscopy 1 1"], report.TopTerms.Select(term => $"{term.Name} {term.Hits} {term.Survivors}"));
        Assert.Equal(["anatomy 3 2", "imaging 1 1"], report.Categories.Select(category => $"{category.Name} {category.Hits} {category.Survivors}"));
    }
}

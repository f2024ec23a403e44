using System.Text;
using MedGenCluster.Engine.Screening;

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class SurvivorTests : IDisposable
{
    private readonly ScreeningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_survivor_keeps_its_fields_and_says_why_it_survived()
    {
        var path = _bench.Write("a.ndjson",
            ScreeningBench.Row("x", "cat video"),
            """{ "id":"y", "title":"Heart-Surgery at \u00c9cole", "description":"an AORTA", "own": {"deep":[1, 2.50]}, "license":"CC BY" } """);

        await _bench.CompleteAsync();

        var row = Assert.Single(_bench.Survivors());
        Assert.Equal("Heart-Surgery at École", row.GetProperty("title").GetString());
        Assert.Equal("""{"deep":[1, 2.50]}""", row.GetProperty("own").GetRawText());
        var found = row.GetProperty("screening");
        Assert.Equal(
            """[{"term":"heart surgery","category":"procedures","field":"title"},{"term":"aorta","category":"anatomy","field":"description"}]""",
            found.GetProperty("terms").GetRawText());
        Assert.Equal(0.9, found.GetProperty("probability").GetDouble());
        Assert.Equal("fake-1", found.GetProperty("model").GetString());
        Assert.True(found.GetProperty("demo").GetBoolean());
        Assert.Equal(path, found.GetProperty("input").GetString());
        Assert.Equal(2, found.GetProperty("line").GetInt64());
    }

    [Fact]
    public async Task A_csv_row_keeps_the_known_columns_under_their_names()
    {
        _bench.Write("a.csv", Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(
            "id,title,description,channel,duration\r\nx,\"aorta, \"\"live\"\"\",\"one\ntwo\",C,12.5\r\ny,endoscopy,,,\r\n")).ToArray());

        var report = await _bench.CompleteAsync();

        Assert.Equal(2, report.Rows);
        var rows = _bench.Survivors();
        Assert.Equal("aorta, \"live\"", rows[0].GetProperty("title").GetString());
        Assert.Equal("one\ntwo", rows[0].GetProperty("description").GetString());
        Assert.Equal("C", rows[0].GetProperty("channel").GetString());
        Assert.Equal(12.5, rows[0].GetProperty("duration").GetDouble());
        Assert.False(rows[1].TryGetProperty("duration", out _));
        Assert.Equal([2, 4], rows.Select(row => row.GetProperty("screening").GetProperty("line").GetInt64()));
    }

    [Fact]
    public async Task The_classifier_divides_at_the_least_probability_and_sees_keyword_hits_alone()
    {
        _bench.Write("a.ndjson",
            ScreeningBench.Row("low", "aorta p=0.39"), ScreeningBench.Row("just", "aorta p=0.40"), ScreeningBench.Row("none", "p=0.99"), ScreeningBench.Row("excluded", "virtual endoscopy game p=0.99"));

        var report = await _bench.CompleteAsync(_bench.Options with { MinProbability = 0.4 });

        Assert.Equal(["just"], _bench.SurvivingIds());
        Assert.Equal((4, 2, 1, 1), (report.Rows, report.KeywordHits, report.Rejected, report.Survivors));
        Assert.Equal(2, _bench.Classifier.Texts);
        Assert.Equal("low", Assert.Single(ScreeningBench.Lines(_bench.Results.RejectedSample)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Without_a_classifier_every_hit_survives_and_no_probability_is_made_up()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("low", "aorta p=0.01"));

        var report = await _bench.CompleteAsync(_bench.Options with { UseClassifier = false });

        Assert.Equal(System.Text.Json.JsonValueKind.Null, Assert.Single(_bench.Survivors()).GetProperty("screening").GetProperty("probability").ValueKind);
        Assert.Null(report.Classifier);
        Assert.Equal(0, _bench.Classifier.Texts);
    }

    [Fact]
    public async Task Of_rows_with_one_id_the_first_that_survives_counts_across_files()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta game"), ScreeningBench.Row("x", "aorta, again"), ScreeningBench.Row("y", "aorta"));
        _bench.Write("b.ndjson", ScreeningBench.Row("y", "aorta"), ScreeningBench.Row("x", "nothing"));

        var report = await _bench.CompleteAsync();

        Assert.Equal(["x", "y"], _bench.SurvivingIds());
        Assert.Equal("aorta, again", _bench.Survivors()[0].GetProperty("title").GetString());
        Assert.Equal(1, report.Duplicates);
        var trouble = Assert.Single(report.Troubles);
        Assert.Equal(("duplicate-id", 1L), (trouble.Kind, trouble.Count));
        Assert.EndsWith("b.ndjson", trouble.First[0].Input);
        Assert.Equal(1, trouble.First[0].Line);
    }

    [Fact]
    public async Task Rows_without_an_id_are_told_apart_by_url_and_path()
    {
        _bench.Write("a.ndjson",
            """{"title":"aorta","url":"https://example.org/1"}""", """{"title":"aorta","url":"https://example.org/2"}""", """{"title":"aorta","path":"1.mp4"}""", """{"title":"aorta","url":"https://example.org/1"}""");

        var report = await _bench.CompleteAsync();

        Assert.Equal((3, 1), (report.Survivors, report.Duplicates));
    }

    [Fact]
    public async Task A_carriage_return_within_a_row_does_not_break_its_line()
    {
        _bench.Write("a.ndjson", "{\"id\":\"x\",\r\"title\":\"aorta\",\"channel_id\":\"c\"\r}\r");

        await _bench.CompleteAsync();

        Assert.Equal("x", Assert.Single(_bench.Survivors()).GetProperty("id").GetString());
        Assert.Single(_bench.Channels());
    }

    [Fact]
    public async Task Survivors_that_are_screened_again_carry_the_new_findings_alone()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta", "c"));
        await _bench.CompleteAsync();
        var again = new ScreeningRun(ScreeningBench.Matcher, () => new FakeClassifier("fake-2"), _bench.Options with { OutputFolder = Path.Combine(_bench.Inputs, "again") });

        await again.RunAsync([_bench.Results.Survivors], CancellationToken.None);

        var line = File.ReadAllText(Path.Combine(_bench.Inputs, "again", "survivors.ndjson"));
        Assert.Equal(2, line.Split("\"screening\"").Length);
        Assert.Contains("fake-2", line);
        Assert.DoesNotContain("fake-1", line);
    }
}

using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Results;

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class BadInputTests : IDisposable
{
    private const int TooLong = 10_000_000;

    private readonly ScreeningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Bad() =>
    [
        .. Utf8(ScreeningBench.Row("good1", "aorta") + "\n"),
        .. Utf8("{\"id\":\"broken\",\"title\":\"aorta "), 0xC3, 0x28, .. Utf8("\"}\n"),
        .. Utf8(ScreeningBench.Row("long", "aorta " + new string('x', TooLong)) + "\n"),
        .. Utf8("{\"id\":\"no-end\",\"title\":\"aorta\"\n"),
        .. Utf8("{\"id\":\"no-text\",\"duration\":3}\n"),
        .. Utf8("\n"),
        .. Utf8("[1, 2]\n"),
        .. Utf8(ScreeningBench.Row("good1", "aorta") + "\n"),
        .. Utf8(ScreeningBench.Row("good2", "aorta")),
    ];

    [Fact]
    public async Task Every_kind_of_bad_row_is_counted_where_it_is_and_costs_no_other_row()
    {
        _bench.Write("bad.ndjson", Bad());

        var report = await _bench.CompleteAsync();

        Assert.Equal(["good1", "good2"], _bench.SurvivingIds());
        Assert.Equal(8, report.Rows);
        Assert.Equal(
            ["broken-utf8 2", "too-long 3", "malformed-json 4", "malformed-json 7", "missing-fields 5", "duplicate-id 8"],
            report.Troubles.SelectMany(trouble => trouble.First.Select(place => $"{trouble.Kind} {place.Line}")));
        Assert.Equal(5, report.Unusable);
    }

    [Fact]
    public async Task A_table_with_stray_quotes_and_short_rows_loses_those_rows_alone()
    {
        _bench.Write("bad.csv", Encoding.UTF8.GetBytes("id,title\na,aorta\nb,\"aorta\" stray\nc\nd,\"aorta\nof two lines\"\n"));

        var report = await _bench.CompleteAsync();

        Assert.Equal(["a", "d"], _bench.SurvivingIds());
        Assert.Equal([3L, 4L], Lines(report, "malformed-csv"));
    }

    [Fact]
    public async Task A_truncated_archive_is_used_as_far_as_it_goes()
    {
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(i => ScreeningBench.Row($"v{i:x}{i * 7919 % 65521:x}", "aorta") + "\n"));
        var packed = ScreeningBench.Gzip(Encoding.UTF8.GetBytes(rows));
        _bench.Write("a.ndjson.gz", packed[..(packed.Length / 2)]);
        _bench.Write("b.ndjson", ScreeningBench.Row("after", "aorta"));

        var report = await _bench.CompleteAsync();

        var survivors = _bench.Survivors();
        Assert.InRange(survivors.Count, 1000, 4500);
        Assert.Equal("after", survivors[^1].GetProperty("id").GetString());
        Assert.Equal([survivors.Count], Lines(report, "truncated-archive"));
    }

    [Fact]
    public async Task A_strict_run_ends_at_the_first_trouble_and_a_lenient_one_goes_on_from_there()
    {
        var path = _bench.Write("bad.ndjson", Bad());

        Assert.Equal(new ScreeningOutcome.Stopped(RowTrouble.BrokenUtf8, path, 2), await _bench.RunAsync(_bench.Options with { Strict = true }));
        Assert.False(File.Exists(_bench.Results.Survivors));
        Assert.Equal(2, (await _bench.CompleteAsync()).Survivors);
    }

    [Fact]
    public async Task A_strict_run_does_not_pass_over_what_an_earlier_run_met()
    {
        var path = _bench.Write("a.ndjson", "{", ScreeningBench.Row("x", "aorta"));
        _bench.Classifier = new FakeClassifier();
        var failing = new ScreeningRun(ScreeningBench.Matcher, () => new FailingClassifier(after: 1), _bench.Options with { ShardBytes = 1, BlockBytes = 4096 });
        _bench.Write("b.ndjson", ScreeningBench.Row("y", "aorta"));
        await Assert.ThrowsAsync<IOException>(() => failing.RunAsync([_bench.Inputs], CancellationToken.None));

        var outcome = await _bench.RunAsync(_bench.Options with { ShardBytes = 1, BlockBytes = 4096, Strict = true });

        Assert.Equal(new ScreeningOutcome.Stopped(RowTrouble.MalformedJson, path, 1), outcome);
    }

    [Fact]
    public async Task A_duplicate_stops_a_strict_run_too()
    {
        var path = _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta"), ScreeningBench.Row("x", "aorta"));

        Assert.Equal(new ScreeningOutcome.Stopped(RowTrouble.DuplicateId, path, 2), await _bench.RunAsync(_bench.Options with { Strict = true }));
    }

    [Fact]
    public async Task Missing_and_empty_inputs_are_refused_by_name()
    {
        var missing = Assert.IsType<ScreeningOutcome.Refused>(await _bench.RunAsync(null, Path.Combine(_bench.Inputs, "nowhere.csv")));
        Assert.Equal(ScreeningRefusal.InputUnavailable, missing.Reason);
        Assert.Contains("nowhere.csv", missing.Message);

        _bench.Write("readme.txt", "not candidates");
        Assert.Equal(ScreeningRefusal.InputUnavailable, Assert.IsType<ScreeningOutcome.Refused>(await _bench.RunAsync()).Reason);
    }

    [Fact]
    public async Task An_empty_file_has_no_rows()
    {
        _bench.Write("a.ndjson", Array.Empty<byte>());
        _bench.Write("b.csv", Encoding.UTF8.GetBytes("id,title\n"));

        var report = await _bench.CompleteAsync();

        Assert.Equal((0, 0), (report.Rows, report.Survivors));
        Assert.Equal(0, new FileInfo(_bench.Results.Survivors).Length);
    }

    [Fact]
    public async Task Titles_that_look_like_markup_do_not_act_in_the_report()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta | <script>alert(1)</script> [a](b)", more: ",\"label\":\"0\""));

        await _bench.CompleteAsync(_bench.Options with { LabelColumn = "label" });

        var page = File.ReadAllText(_bench.Results.Report);
        Assert.DoesNotContain("<script>", page);
        Assert.Contains("aorta \\| &lt;script&gt;", page);
    }

    private static IEnumerable<long> Lines(ScreeningReport report, string kind) => report.Troubles.Single(trouble => trouble.Kind == kind).First.Select(place => place.Line);

    /// <summary>Works for some calls and then fails as a full disk does.</summary>
    private sealed class FailingClassifier(int after) : ITextClassifier
    {
        private int _calls;

        public string Version => "fake-1";

        public bool IsDemo => true;

        public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _calls) > after ? throw new IOException("no more") : Task.FromResult<IReadOnlyList<double>>([.. texts.Select(_ => 0.9)]);
    }
}

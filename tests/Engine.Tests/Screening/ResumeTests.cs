using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class ResumeTests : IDisposable
{
    private readonly ScreeningBench _bench = new();

    public ResumeTests()
    {
        _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta"), ScreeningBench.Row("y", "heart surgery"));
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_ends_as_one_that_was_not()
    {
        var random = new Random(5);
        MixedCandidates.Write(_bench, rows: 1500);
        await _bench.CompleteAsync(ScreeningChild.Options(_bench.Results.Root));
        var expected = _bench.Bytes();
        _bench.Results.Clear();

        var kills = 0;
        while (kills < 5 && await ScreeningChild.KilledAfterAsync(_bench.Inputs, _bench.Results.Root, random.Next(1, 16)))
        {
            kills++;
        }

        Assert.False(await ScreeningChild.KilledAfterAsync(_bench.Inputs, _bench.Results.Root, int.MaxValue));
        Assert.Equal(5, kills);
        Assert.Equal(expected, _bench.Bytes());
    }

    [Fact]
    public async Task A_run_that_failed_over_its_results_writes_them_whole_when_it_goes_on()
    {
        await _bench.CompleteAsync();
        var expected = _bench.Bytes();
        _bench.Results.Clear();
        Directory.CreateDirectory(Path.Combine(_bench.Results.Report, "in the way"));
        await Assert.ThrowsAnyAsync<Exception>(() => _bench.RunAsync());
        Assert.True(File.Exists(_bench.Results.Survivors));
        Directory.Delete(_bench.Results.Report, recursive: true);

        await _bench.CompleteAsync();

        Assert.Equal(expected, _bench.Bytes());
    }

    [Theory]
    [InlineData("least probability")]
    [InlineData("label column")]
    [InlineData("classifier")]
    [InlineData("dictionary")]
    [InlineData("has changed since")]
    [InlineData("other inputs")]
    public async Task What_the_checkpoint_is_not_of_is_refused_with_the_way_out(string difference)
    {
        await _bench.CompleteAsync();
        var options = _bench.Options;
        var matcher = ScreeningBench.Matcher;
        switch (difference)
        {
            case "least probability":
                options = options with { MinProbability = 0.7 };
                break;
            case "label column":
                options = options with { LabelColumn = "truth" };
                break;
            case "classifier":
                _bench.Classifier = new FakeClassifier("fake-2");
                break;
            case "dictionary":
                matcher = new KeywordMatcher(new KeywordDictionary([new KeywordTerm("aorta", "anatomy")]));
                break;
            case "has changed since":
                _bench.Write("a.ndjson", ScreeningBench.Row("x", "aorta"));
                break;
            default:
                _bench.Write("b.ndjson", ScreeningBench.Row("z", "aorta"));
                break;
        }

        var before = _bench.Bytes();
        var refused = Assert.IsType<ScreeningOutcome.Refused>(
            await new ScreeningRun(matcher, () => _bench.Classifier, options).RunAsync([_bench.Inputs], CancellationToken.None));
        Assert.Equal(ScreeningRefusal.Changed, refused.Reason);
        Assert.Contains(difference, refused.Message);
        Assert.Contains("--restart", refused.Message);
        Assert.Equal(before, _bench.Bytes());

        Assert.IsType<ScreeningOutcome.Completed>(
            await new ScreeningRun(matcher, () => _bench.Classifier, options with { Restart = true }).RunAsync([_bench.Inputs], CancellationToken.None));
    }

    [Fact]
    public async Task Threads_and_strictness_may_change_between_runs()
    {
        await _bench.CompleteAsync();

        Assert.True(Assert.IsType<ScreeningOutcome.Completed>(await _bench.RunAsync(_bench.Options with { Threads = 5, Strict = true })).WasDone);
    }

    [Fact]
    public async Task Files_of_others_are_neither_overwritten_nor_removed()
    {
        Directory.CreateDirectory(_bench.Results.Root);
        File.WriteAllText(_bench.Results.Survivors, "mine");
        var note = Path.Combine(_bench.Results.Root, "note.txt");
        File.WriteAllText(note, "mine too");

        Assert.Equal(ScreeningRefusal.OutputUnavailable, Assert.IsType<ScreeningOutcome.Refused>(await _bench.RunAsync()).Reason);
        Assert.Equal("mine", File.ReadAllText(_bench.Results.Survivors));
        await _bench.CompleteAsync(_bench.Options with { Restart = true });
        Assert.Equal("mine too", File.ReadAllText(note));
    }

    [Fact]
    public async Task A_second_process_is_refused_while_the_first_one_works()
    {
        using var held = _bench.Results.TryLock();

        Assert.Contains("another process", Assert.IsType<ScreeningOutcome.Refused>(await _bench.RunAsync()).Message);
    }

    [Fact]
    public async Task Wrong_options_are_named_together()
    {
        var refused = Assert.IsType<ScreeningOutcome.Refused>(await _bench.RunAsync(_bench.Options with { MinProbability = 1.5, Threads = 0 }));

        Assert.Equal(ScreeningRefusal.InvalidOptions, refused.Reason);
        Assert.Contains("probability", refused.Message);
        Assert.Contains("threads", refused.Message);
    }

    [Fact]
    public async Task Results_inside_the_folder_of_candidates_are_no_candidates()
    {
        var options = _bench.Options with { OutputFolder = Path.Combine(_bench.Inputs, "results") };
        await _bench.CompleteAsync(options);

        Assert.True(Assert.IsType<ScreeningOutcome.Completed>(await _bench.RunAsync(options)).WasDone);
    }

    [Fact]
    public async Task Files_are_read_in_ordinal_order_and_once()
    {
        _bench.Write("B.ndjson", ScreeningBench.Row("1", "aorta"));
        _bench.Write("a/z.jsonl.gz", ScreeningBench.Gzip(Encoding.UTF8.GetBytes(ScreeningBench.Row("2", "aorta"))));
        _bench.Write(".hidden.ndjson", ScreeningBench.Row("3", "aorta"));

        Assert.IsType<ScreeningOutcome.Completed>(await _bench.RunAsync(null, Path.Combine(_bench.Inputs, "a.ndjson"), _bench.Inputs).Soon());

        Assert.Equal(["x", "y", "1", "2"], _bench.SurvivingIds());
    }
}

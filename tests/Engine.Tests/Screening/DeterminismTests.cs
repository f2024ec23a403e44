using System.Text;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class DeterminismTests : IDisposable
{
    private readonly ScreeningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private ScreeningOptions Small => _bench.Options with { ShardBytes = 20_000, BlockBytes = 4096, LabelColumn = "label" };

    [Fact]
    public async Task Results_are_the_same_bytes_on_any_number_of_threads()
    {
        MixedCandidates.Write(_bench, rows: 1500);
        var results = new List<Dictionary<string, string>>();
        foreach (var threads in new[] { 1, 2, 7 })
        {
            await _bench.CompleteAsync(Small with { Threads = threads, Restart = true });
            results.Add(_bench.Bytes());
        }

        Assert.Equal(6, results[0].Count);
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public async Task The_shards_add_up_and_follow_one_another()
    {
        MixedCandidates.Write(_bench, rows: 1500);

        var report = await _bench.CompleteAsync(Small);

        var shards = ScreeningBench.Lines(_bench.Results.Shards);
        Assert.InRange(shards.Count, 10, 200);
        Assert.Equal(report.Shards, shards.Count);
        Assert.Equal(report.Rows, shards.Sum(shard => shard.GetProperty("rows").GetInt64()));
        Assert.Equal(report.Survivors, shards.Sum(shard => shard.GetProperty("survivors").GetInt64()));
        Assert.Equal(report.Bytes, shards.Sum(shard => shard.GetProperty("bytes").GetInt64()));
        foreach (var (shard, next) in shards.Zip(shards.Skip(1)).Where(pair => pair.First.GetProperty("input").GetString() == pair.Second.GetProperty("input").GetString()))
        {
            Assert.Equal(shard.GetProperty("offset").GetInt64() + shard.GetProperty("bytes").GetInt64(), next.GetProperty("offset").GetInt64());
        }
    }

    [Fact]
    public async Task A_run_that_is_interrupted_again_and_again_ends_as_one_that_was_not()
    {
        MixedCandidates.Write(_bench, rows: 1500);
        await _bench.CompleteAsync(Small);
        var expected = _bench.Bytes();
        var whole = _bench.Classifier.Texts;

        _bench.Results.Clear();
        _bench.Classifier = new FakeClassifier();
        var interruptions = 0;
        while (true)
        {
            using var stop = new CancellationTokenSource();
            var run = new ScreeningRun(ScreeningBench.Matcher, () => new StoppingClassifier(_bench.Classifier, stop, after: 25), Small with { Threads = 1 });
            try
            {
                await run.RunAsync([_bench.Inputs], stop.Token).Soon();
                break;
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }
        }

        Assert.InRange(interruptions, 2, 100);
        Assert.Equal(expected, _bench.Bytes());
        Assert.False(Directory.Exists(_bench.Results.Work));
        Assert.True(_bench.Classifier.Texts < 4 * whole, $"{_bench.Classifier.Texts} texts were scored where one run scores {whole}");
    }

    [Fact]
    public async Task What_is_done_is_not_done_again()
    {
        MixedCandidates.Write(_bench, rows: 100);
        var report = await _bench.CompleteAsync(Small);
        var texts = _bench.Classifier.Texts;

        var again = Assert.IsType<ScreeningOutcome.Completed>(await _bench.RunAsync(Small));

        Assert.True(again.WasDone);
        Assert.Equal(texts, _bench.Classifier.Texts);
        Assert.Equal((report.Rows, report.Survivors, report.Labels!.Both), (again.Report.Rows, again.Report.Survivors, again.Report.Labels!.Both));
    }

    [Fact]
    public async Task Shards_that_the_disk_lost_are_made_again()
    {
        MixedCandidates.Write(_bench, rows: 1500);
        await _bench.CompleteAsync(Small);
        var expected = _bench.Bytes();
        _bench.Results.Clear();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new ScreeningRun(ScreeningBench.Matcher, () => new StoppingClassifier(_bench.Classifier, stop, after: 60), Small with { Threads = 1 }).RunAsync([_bench.Inputs], stop.Token));
        File.WriteAllBytes(_bench.Results.Part(2, "shard"), []);

        await _bench.CompleteAsync(Small);

        Assert.Equal(expected, _bench.Bytes());
    }
}

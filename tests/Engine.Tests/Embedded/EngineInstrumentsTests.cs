using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>The meters say what the ledger says.</summary>
public sealed class EngineInstrumentsTests : IDisposable
{
    /// <summary>True while this test makes its own instruments: other tests' engines have meters of the same name.</summary>
    private readonly AsyncLocal<bool> _mine = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, string Stage, string? Reason, double Value)> _measured = [];

    public EngineInstrumentsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_mine.Value && instrument.Meter.Name == "MedGenCluster.Engine")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_crawl_is_metered_by_stage_and_reason()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Score = (stage, id) => FakePipeline.Unit(stage, id);
        bench.Pipeline.Threshold = (_, _) => 0.1;
        var refused = new ConcurrentDictionary<string, bool>();
        bench.Pipeline.Behaviours[StageId.Borders] = call => Task.FromResult<IReadOnlyList<StageResult>>(
            [.. call.Normal().Zip(call.Ids, (result, id) => refused.TryAdd(id, true) ? new StageResult.Failed("not yet", Retryable: true) : result)]);
        await bench.SubmitAsync(videos: 30);
        _mine.Value = true;
        await using var engine = bench.NewEngine();
        _mine.Value = false;

        await engine.RunAsync(untilIdle: true, CancellationToken.None).Soon();

        var log = bench.Ledger.Items(new ItemQuery()).SelectMany(item => bench.Ledger.Trail(item.Seq)).Select(line => line.Decision).ToList();
        Assert.Equal(Runs(bench), Sums("medgen.stage.in"));
        Assert.Equal(Runs(bench), Sums("medgen.stage.batch"));
        Assert.Equal(Count(log, DecisionVerdict.Passed), Sums("medgen.stage.passed"));
        Assert.Equal(Count(log, DecisionVerdict.Rejected), Sums("medgen.stage.rejected"));
        Assert.Equal([(StageId.Borders.Name(), (double)refused.Count)], Sums("medgen.stage.failed"));
        Assert.True(refused.Count > 0);
        Assert.Equal(
            log.Where(line => line.Verdict == DecisionVerdict.Rejected).Select(line => (line.Stage.Name(), line.Reason)).Distinct().Order(),
            _measured.Where(one => one.Name == "medgen.stage.rejected").Select(one => (one.Stage, one.Reason)).Distinct().Order());
        Assert.All(_measured, one => Assert.Equal(one.Name == "medgen.stage.rejected", one.Reason is not null));

        // One duration and one size for each batch.
        Assert.Equal(Batches("medgen.stage.batch"), Batches("medgen.stage.duration"));
        Assert.All(_measured.Where(one => one.Name == "medgen.stage.duration"), one => Assert.InRange(one.Value, 1e-9, 60));
    }

    [Fact]
    public void The_queue_is_read_from_the_tallies_when_it_is_asked_for()
    {
        IReadOnlyList<Tally> tallies = [];
        _mine.Value = true;
        using var instruments = new EngineInstruments(() => tallies);
        _mine.Value = false;
        tallies =
        [
            new(1, ItemKind.Clip, Outcome.Active, StageId.Cut, "", 7), new(2, ItemKind.Clip, Outcome.Active, StageId.Cut, "", 5), new(1, ItemKind.Video, Outcome.Active, StageId.Probe, "", 2),
            new(1, ItemKind.Clip, Outcome.Rejected, StageId.Cut, "dark", 90), new(1, ItemKind.Video, Outcome.AwaitingClips, StageId.Segment, "", 4),
        ];

        _listener.RecordObservableInstruments();

        Assert.Equal([(StageId.Cut.Name(), 12.0), (StageId.Probe.Name(), 2.0)], Sums("medgen.stage.queue"));
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
        _measured.Enqueue((instrument.Name, named["stage"]!, named.GetValueOrDefault("reason"), value));
    }

    private List<(string, double)> Sums(string name) => [.. _measured.Where(one => one.Name == name).GroupBy(one => one.Stage).Select(stage => (stage.Key, stage.Sum(one => one.Value))).Order()];

    private List<(string, int)> Batches(string name) => [.. _measured.Where(one => one.Name == name).GroupBy(one => one.Stage).Select(stage => (stage.Key, stage.Count())).Order()];

    private static List<(string, double)> Runs(EngineBench bench) => [.. bench.Pipeline.Runs.CountBy(run => run.Stage.Name()).Select(pair => (pair.Key, (double)pair.Value)).Order()];

    private static List<(string, double)> Count(List<Decision> log, DecisionVerdict verdict) =>
        [.. log.Where(line => line.Verdict == verdict).CountBy(line => line.Stage.Name()).Select(pair => (pair.Key, (double)pair.Value)).Order()];
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Execution;

/// <summary>Meters of the engine by stage: what went in, passed, was rejected (by reason code; they are few) or failed, seconds, queue and batch. And a trace of every batch.</summary>
public sealed class EngineInstruments : IDisposable
{
    public static readonly ActivitySource Traces = new("MedGenCluster.Engine");

    private readonly Meter _meter = new("MedGenCluster.Engine");
    private readonly Counter<long> _in;
    private readonly Counter<long> _passed;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batch;

    public EngineInstruments(Func<IReadOnlyList<Tally>> tallies)
    {
        _in = _meter.CreateCounter<long>("medgen.stage.in", "{item}", "Items that a stage worked on.");
        _passed = _meter.CreateCounter<long>("medgen.stage.passed", "{item}", "Items that passed a stage.");
        _rejected = _meter.CreateCounter<long>("medgen.stage.rejected", "{item}", "Items that a stage rejected, by reason.");
        _failed = _meter.CreateCounter<long>("medgen.stage.failed", "{item}", "Attempts that failed.");
        _seconds = _meter.CreateHistogram<double>("medgen.stage.duration", "s", "Wall time of one batch.");
        _batch = _meter.CreateHistogram<int>("medgen.stage.batch", "{item}", "Items in one batch.");
        _meter.CreateObservableGauge("medgen.stage.queue", () => tallies().Where(t => t.Outcome == Outcome.Active).GroupBy(t => t.Stage)
            .Select(stage => new System.Diagnostics.Metrics.Measurement<long>(stage.Sum(t => t.Count), Tag(stage.Key))), "{item}", "Items before or in a stage.");
    }

    public void Finished(StageId stage, IReadOnlyList<Completion> completions, TimeSpan elapsed)
    {
        var name = Tag(stage);
        _seconds.Record(elapsed.TotalSeconds, name);
        _batch.Record(completions.Count, name);
        _in.Add(completions.Count, name);
        foreach (var completion in completions)
        {
            switch (completion.Decision.Verdict)
            {
                case DecisionVerdict.Passed:
                    _passed.Add(1, name);
                    break;
                case DecisionVerdict.Rejected:
                    _rejected.Add(1, name, new KeyValuePair<string, object?>("reason", completion.Decision.Reason));
                    break;
                default:
                    _failed.Add(1, name);
                    break;
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(StageId stage) => new("stage", stage.Name());
}

using System.Diagnostics.Metrics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Embedded;

/// <summary>Meters of the engine, tagged by stage and outcome (bounded).</summary>
internal sealed class EngineInstruments : IDisposable
{
    private readonly Meter _meter = new("MedGenCluster.Engine");
    private readonly Counter<long> _items;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batch;

    public EngineInstruments()
    {
        _items = _meter.CreateCounter<long>("medgen.stage.items", "{item}", "Items that a stage finished, by outcome.");
        _seconds = _meter.CreateHistogram<double>("medgen.stage.duration", "s", "Wall time of one batch.");
        _batch = _meter.CreateHistogram<int>("medgen.stage.batch", "{item}", "Items in one batch.");
    }

    public void Finished(StageId stage, Completion[] completions, TimeSpan elapsed)
    {
        var name = new KeyValuePair<string, object?>("stage", stage.Name());
        _seconds.Record(elapsed.TotalSeconds, name);
        _batch.Record(completions.Length, name);
        foreach (var completion in completions)
        {
            _items.Add(1, name, new KeyValuePair<string, object?>("outcome", OutcomeTag(completion.Decision.Verdict)));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static string OutcomeTag(DecisionVerdict verdict) => verdict switch
    {
        DecisionVerdict.Passed => "passed",
        DecisionVerdict.Rejected => "rejected",
        _ => "failed",
    };
}

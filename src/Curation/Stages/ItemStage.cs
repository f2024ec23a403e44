using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.Curation.Stages;

/// <summary>A stage that measures one item at a time; what a model cannot do becomes a failure of that item.</summary>
public abstract class ItemStage<TWork> : IStage<TWork>
{
    private static readonly TimeSpan StoreAway = TimeSpan.FromSeconds(15);

    public abstract StageId Id { get; }

    public virtual int Version => 1;

    public virtual string ModelVersion => "";

    public abstract Resource Needs { get; }

    public virtual int BatchSize => 1;

    public async Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> batch, CancellationToken cancellationToken)
    {
        var results = new StageResult[batch.Count];
        for (int i = 0; i < results.Length; i++)
        {
            try
            {
                results[i] = await MeasureAsync(batch[i], cancellationToken).ConfigureAwait(false);
            }
            catch (ModelException error)
            {
                results[i] = new StageResult.Failed(error.Message, Retryable: true);
            }
            catch (MediaStoreException error)
            {
                // A store that is away says nothing about the item.
                results[i] = error.Retryable ? new StageResult.Postponed(error.Message, StoreAway) : new StageResult.Failed(error.Message, Retryable: false);
            }
        }

        return results;
    }

    public abstract Verdict Decide(IMeasurements measurements, CurationOptions options);

    protected abstract Task<StageResult> MeasureAsync(TWork work, CancellationToken cancellationToken);

    /// <summary>A measurement of this stage. Scores are rounded to 6 decimals, so that they read and compare equal from run to run.</summary>
    protected Measurement Measured(IEnumerable<(string Name, double Value)> scores, string? data = null) =>
        new(Id, Version, ModelVersion, scores.ToDictionary(score => score.Name, score => Round(score.Value)), data);

    /// <summary>This stage's own measurement.</summary>
    protected Measurement Own(IMeasurements measurements) =>
        measurements[Id] ?? throw new InvalidOperationException($"The stage {Id.Name()} cannot decide without its own measurement.");

    protected static double Round(double value) => Math.Round(value, 6);
}

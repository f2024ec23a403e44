using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Execution;

/// <summary>Turns a stage's result on an item into what the ledger remembers: the stage decides, the lifecycle moves the item on.</summary>
internal sealed class ResultInterpreter<TWork>(IStage<TWork> stage, RetryPolicy retry)
{
    public Completion Interpret(LeasedItem leased, StageResult result, CurationOptions options)
    {
        if (result is StageResult.Measured measured)
        {
            try
            {
                var verdict = stage.Decide(new AddedMeasurement(leased.Measurements, measured.Measurement), options);
                var decision = new Decision(
                    stage.Id, verdict.Passed ? DecisionVerdict.Passed : DecisionVerdict.Rejected, verdict.Reason, verdict.Score, verdict.Threshold, measured.Measurement.ModelVersion);
                return Move(leased, LifeEvent.Of(stage.Id, verdict), decision, options, measured);
            }
            catch (Exception exception)
            {
                // A measurement that its own stage cannot read: the item fails, the batch does not.
                result = new StageResult.Failed($"{exception.GetType().Name}: {exception.Message}", Retryable: true);
            }
        }

        var failed = (StageResult.Failed)result;
        return Move(
            leased,
            new LifeEvent.Failed(stage.Id, failed.Reason, failed.Retryable),
            new Decision(stage.Id, DecisionVerdict.Failed, failed.Reason, null, null, ModelVersion()),
            options,
            measured: null);
    }

    /// <summary>The stage's models, or nothing where they cannot be loaded: that may be the very failure that is being remembered.</summary>
    private string ModelVersion()
    {
        try
        {
            return stage.ModelVersion;
        }
        catch (ModelException)
        {
            return "";
        }
    }

    private Completion Move(LeasedItem leased, LifeEvent happened, Decision decision, CurationOptions options, StageResult.Measured? measured)
    {
        var state = leased.Item.State;
        var transition = leased.Item.Kind == ItemKind.Video
            ? VideoLifecycle.Apply(state, happened, retry)
            : ClipLifecycle.Apply(state, happened, StageOrder.Clip(options.Order), retry);
        TimeSpan? delay = transition.Effects.Contains(Effect.RunStageLater) ? retry.DelayAfter(transition.State.Attempts, leased.Item.Id) : null;
        return new Completion(leased, transition, decision, delay, measured?.Measurement, measured?.Media, measured?.MediaPath, measured?.Clips, measured?.Metadata,
            measured is null ? default : ClipFeatures.Of(measured.Measurement, options), measured is null ? null : SearchText(measured.Measurement));
    }

    private static string? SearchText(Measurement measured) =>
        measured.Stage == StageId.Caption ? CaptionData.Of(measured)?.SearchText : null;
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Execution;

/// <inheritdoc cref="IStageCall"/>
/// <param name="toWork">What the stage needs of an item.</param>
internal sealed partial class StageCall<TWork>(
    IStage<TWork> stage, Func<LeasedItem, CurationOptions, CancellationToken, Task<TWork>> toWork, RetryPolicy retry, ILogger log) : IStageCall
{
    private readonly ResultInterpreter<TWork> _interpreter = new(stage, retry);

    public StageId Id => stage.Id;

    public Resource Needs => stage.Needs;

    public int BatchSize => stage.BatchSize;

    public Completion Interpret(LeasedItem item, StageResult result, CurationOptions options) => _interpreter.Interpret(item, result, options);

    public async Task<IReadOnlyList<StageResult>> MeasureAsync(
        IReadOnlyList<LeasedItem> items, Func<LeasedItem, CurationOptions> options, CancellationToken cancellationToken)
    {
        var results = new StageResult[items.Count];
        var work = new List<TWork>(items.Count);
        var handed = new List<int>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            try
            {
                work.Add(await toWork(items[i], options(items[i]), cancellationToken).ConfigureAwait(false));
                handed.Add(i);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                results[i] = new StageResult.Failed(exception.Message, Retryable: true);
            }
        }

        if (work.Count > 0)
        {
            var answers = await AskAsync(work, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < answers.Count; i++)
            {
                results[handed[i]] = answers[i];
            }
        }

        return results;
    }

    private async Task<IReadOnlyList<StageResult>> AskAsync(List<TWork> work, CancellationToken cancellationToken)
    {
        try
        {
            var results = await stage.RunAsync(work, cancellationToken).ConfigureAwait(false);
            return results.Count == work.Count
                ? results
                : throw new InvalidOperationException($"The stage answered {results.Count} results for {work.Count} items.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(log, stage.Id.Name(), exception);
            return [.. work.Select(_ => new StageResult.Failed($"{exception.GetType().Name}: {exception.Message}", Retryable: true))];
        }
    }

    [LoggerMessage(LogLevel.Error, "Stage {Stage} met a surprise; its items fail and come back.")]
    private static partial void LogTrouble(ILogger logger, string stage, Exception exception);
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Execution;

/// <summary>A stage as an engine calls it: leased items go in, one result for each comes out.</summary>
public interface IStageCall
{
    StageId Id { get; }

    Resource Needs { get; }

    /// <summary>Items that one call takes at the most.</summary>
    int BatchSize { get; }

    /// <summary>One result for each item, in order. An item that cannot be handed to the stage fails alone; a stage that throws fails all that it was handed.</summary>
    /// <param name="options">The options of an item's job.</param>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is known of the items.</exception>
    Task<IReadOnlyList<StageResult>> MeasureAsync(IReadOnlyList<LeasedItem> items, Func<LeasedItem, CurationOptions> options, CancellationToken cancellationToken);

    /// <summary>Turns a result into what the ledger is to remember: the stage decides, the lifecycle moves the item on. Not for <see cref="StageResult.Postponed"/>.</summary>
    Completion Interpret(LeasedItem item, StageResult result, CurationOptions options);
}

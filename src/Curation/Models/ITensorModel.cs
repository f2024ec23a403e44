namespace MedGenCluster.Curation.Models;

/// <summary>A model that maps one float tensor per item to one float vector per item. Items of concurrent callers are
/// gathered into batches; the result of an item does not depend on the batch it travelled in.</summary>
public interface ITensorModel
{
    /// <summary>Role and file identity, for example <c>clip-vision@demo:3f2a91c0</c>; part of every stored measurement's key.</summary>
    string Version { get; }

    /// <summary>True for models of a pack that is marked as a demonstration; their scores are labelled wherever shown.</summary>
    bool IsDemo { get; }

    /// <summary>Shape of one item without the batch dimension, for example [3, 224, 224].</summary>
    IReadOnlyList<int> ItemShape { get; }

    /// <summary>Reserves a place in the batch that is being gathered, waiting while the model's bounded queue is full.</summary>
    ValueTask<ITensorSlot> RentAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="RentAsync"/>, but answers null (busy) at once where the queue is full.</summary>
    ITensorSlot? TryRent();
}

/// <summary>One item's place in a batch: fill <see cref="Input"/>, then call <see cref="RunAsync"/> once. Disposing a slot that
/// was never run gives its place back.</summary>
public interface ITensorSlot : IDisposable
{
    /// <summary>The item's input in C order; the caller writes every element.</summary>
    Span<float> Input { get; }

    /// <summary>Hands the item in and waits for its output vector.</summary>
    /// <exception cref="ModelException">The model failed on this batch.</exception>
    ValueTask<float[]> RunAsync(CancellationToken cancellationToken);
}

namespace MedGenCluster.Engine.Generation;

/// <summary>The items that a worker holds, and its heartbeat.</summary>
internal sealed class HeldItems(IGenerationLedger ledger, string owner, GenerationWorkerOptions options, TimeProvider time)
{
    private readonly HashSet<long> _items = [];

    public IReadOnlyList<long> All
    {
        get
        {
            lock (_items)
            {
                return [.. _items.Order()];
            }
        }
    }

    public void Add(IEnumerable<LeasedGeneration> items)
    {
        lock (_items)
        {
            _items.UnionWith(items.Select(item => item.Item.Seq));
        }
    }

    public void Remove(LeasedGeneration item)
    {
        lock (_items)
        {
            _items.Remove(item.Item.Seq);
        }
    }

    /// <summary>Renews the leases until it is cancelled.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await ledger.RenewGenerationsAsync(All, owner, options.Lease).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The result of an item whose lease is lost is dropped, and the next beat tries again.
            }
        }
    }
}

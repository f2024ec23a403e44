namespace MedGenCluster.Curation.Network.Download;

/// <summary>Calls a transfer off when it does not move for a time; at rest until the first movement.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeSpan _after;
    private readonly CancellationToken _outer;

    public StallWatch(TimeSpan after, TimeProvider time, CancellationToken outer)
    {
        (_after, _outer) = (after, outer);
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = outer.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Ends with a stall and with the caller's own token.</summary>
    public CancellationToken Token => _source.Token;

    public bool HasStalled => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>Nothing is waited for that could stall.</summary>
    public void Rest() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Begins the time anew.</summary>
    public void Moved() => _source.CancelAfter(_after);

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}

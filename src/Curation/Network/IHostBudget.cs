namespace MedGenCluster.Curation.Network;

/// <summary>What a host answered, as far as its budget is concerned.</summary>
public enum HostAnswer
{
    Served,

    /// <summary>429 or 503: too many requests.</summary>
    Throttled,
}

/// <summary>The rate at which each host is asked, one budget for the whole cluster. A budget grows by a constant while the host serves and is
/// multiplied down when it throttles (additive increase, multiplicative decrease).</summary>
public interface IHostBudget
{
    /// <summary>Waits until one more request to the host is allowed; spends it.</summary>
    /// <param name="host">Host name as in a URL, lower case, with the port where it is not the scheme's own.</param>
    ValueTask AcquireAsync(string host, CancellationToken cancellationToken);

    /// <summary>How long the host rests because it asked for it; zero where it may be asked. Who would wait long may do something else meanwhile.</summary>
    TimeSpan RestOf(string host);

    /// <summary>Tells what the host answered.</summary>
    /// <param name="retryAfter">What the host asked for; nothing is sent to it before.</param>
    void Report(string host, HostAnswer answer, TimeSpan? retryAfter = null);
}

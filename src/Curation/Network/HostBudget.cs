namespace MedGenCluster.Curation.Network;

/// <summary>Budgets of the hosts that this process asks, in memory.</summary>
/// <remarks>In every stretch of time a host is sent at most <see cref="HostBudgetOptions.Burst"/> requests plus the integral of its rate, and nothing while
/// a rest that it asked for lasts. Waiting is first come, first served.</remarks>
public sealed class HostBudget : IHostBudget, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HostBucket> _buckets = new(StringComparer.Ordinal);
    private readonly HostBudgetOptions _options;
    private readonly TimeProvider _time;
    private readonly HostBucket _others;

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public HostBudget(HostBudgetOptions options, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        (_options, _time) = (options, time);
        _others = new HostBucket(options, time);
    }

    /// <summary>Hosts with a budget of their own at present.</summary>
    public int Hosts
    {
        get
        {
            lock (_lock)
            {
                return _buckets.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask AcquireAsync(string host, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            // Inside the lock, so that a bucket is not forgotten between being found and being waited in.
            return Bucket(host).AcquireAsync(cancellationToken);
        }
    }

    /// <summary>Asks for one request without waiting for it.</summary>
    /// <returns>Zero: it is spent. Else when to ask again.</returns>
    public TimeSpan TryAcquire(string host)
    {
        lock (_lock)
        {
            return Bucket(host).TryAcquire();
        }
    }

    /// <inheritdoc/>
    public TimeSpan RestOf(string host)
    {
        lock (_lock)
        {
            return (_buckets.GetValueOrDefault(host) ?? _others).Rest;
        }
    }

    /// <inheritdoc/>
    public void Report(string host, HostAnswer answer, TimeSpan? retryAfter = null)
    {
        lock (_lock)
        {
            Bucket(host).Report(answer, retryAfter);
        }
    }

    /// <summary>The rate at which a host may be asked now, in requests per second.</summary>
    public double RateOf(string host)
    {
        lock (_lock)
        {
            return (_buckets.GetValueOrDefault(host) ?? _others).Rate;
        }
    }

    /// <summary>Requests that a host could have been sent so far: the integral of its rate over the time in which it did not rest.</summary>
    public double AllowedSoFar(string host)
    {
        lock (_lock)
        {
            return (_buckets.GetValueOrDefault(host) ?? _others).AllowedSoFar;
        }
    }

    /// <summary>Ends the timers. Whoever waits is cancelled.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var bucket in _buckets.Values.Append(_others))
            {
                bucket.Dispose();
            }
        }
    }

    private HostBucket Bucket(string host)
    {
        if (_buckets.TryGetValue(host, out var bucket))
        {
            return bucket;
        }

        if (_buckets.Count >= _options.MaxHosts && !Forget())
        {
            return _others;
        }

        return _buckets[host] = new HostBucket(_options, _time);
    }

    private bool Forget()
    {
        var oldest = _buckets.MinBy(pair => pair.Value.LastAsked);
        if (!oldest.Value.IsForgettable)
        {
            return false;
        }

        _buckets.Remove(oldest.Key);
        oldest.Value.Dispose();
        return true;
    }
}

namespace MedGenCluster.Curation.Network;

/// <summary>The token bucket of one host: tokens accrue at a rate that grows while the host serves and shrinks when it throttles; a queue waits for them.</summary>
internal sealed class HostBucket : IDisposable
{
    /// <summary>Growth for one answer is for at most so long: a host that is hardly asked does not prove that it stands more.</summary>
    private const double MaxGrowthSeconds = 1;

    /// <summary>Tokens are sums of many small parts; what lacks this little is whole.</summary>
    private const double Whole = 1 - 1e-9;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _queue = [];
    private readonly HostBudgetOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private bool _disposed;
    private double _rate;
    private double _tokens;
    private double _allowed;
    private double _settled;
    private double _restsUntil;
    private double _grownUntil;
    private double _decreasedAt = double.NegativeInfinity;

    public HostBucket(HostBudgetOptions options, TimeProvider time)
    {
        (_options, _time, _rate, _tokens) = (options, time, options.InitialRate, options.Burst);
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timestamp of the last request for a token or report.</summary>
    public long LastAsked { get; private set; }

    public double Rate
    {
        get
        {
            lock (_lock)
            {
                return _rate;
            }
        }
    }

    public TimeSpan Rest
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromSeconds(Math.Max(0, _restsUntil - Now()));
            }
        }
    }

    public double AllowedSoFar
    {
        get
        {
            lock (_lock)
            {
                Settle();
                return _allowed;
            }
        }
    }

    public bool IsForgettable
    {
        get
        {
            lock (_lock)
            {
                var now = Now();
                return _queue.Count == 0 && now >= _restsUntil && _time.GetElapsedTime(LastAsked) >= _options.ForgetAfter;
            }
        }
    }

    public ValueTask AcquireAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            LastAsked = _time.GetTimestamp();
            Settle();
            if (_queue.Count == 0 && TakeToken())
            {
                return ValueTask.CompletedTask;
            }

            var waiter = new Waiter();
            var place = _queue.AddLast(waiter);
            waiter.Registration = cancellationToken.UnsafeRegister((_, token) => GiveUp(place, token), null);
            if (_queue.Count == 1)
            {
                Arm();
            }

            return new ValueTask(waiter.Task);
        }
    }

    /// <returns>Zero: a request is spent. Else how long from now the next one may be there.</returns>
    public TimeSpan TryAcquire()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            LastAsked = _time.GetTimestamp();
            Settle();
            return _queue.Count == 0 && TakeToken() ? TimeSpan.Zero : NextToken();
        }
    }

    public void Report(HostAnswer answer, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            LastAsked = _time.GetTimestamp();
            Settle();
            if (answer == HostAnswer.Served)
            {
                Grow();
            }
            else
            {
                Shrink();
                RestFor(retryAfter ?? TimeSpan.Zero);
            }

            // The rate has changed, and with it the moment of the next token.
            if (_queue.Count > 0)
            {
                Arm();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
            foreach (var waiter in _queue)
            {
                waiter.TrySetCanceled();
                waiter.Registration.Unregister();
            }

            _queue.Clear();
        }
    }

    private void GiveUp(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A token that was handed out already is the waiter's, cancelled or not.
            if (place.Value.TrySetCanceled(cancellationToken))
            {
                _queue.Remove(place);
            }
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            Settle();
            while (_queue.First is { } first && TakeToken())
            {
                _queue.RemoveFirst();
                first.Value.TrySetResult();
                // Without waiting for a cancellation that is running: it may wait for this lock.
                first.Value.Registration.Unregister();
            }

            if (_queue.Count > 0)
            {
                Arm();
            }
        }
    }

    private double Now() => _time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Brings the tokens to the present. Time in which the host rests brings none.</summary>
    private void Settle()
    {
        var now = Now();
        var accrues = Math.Max(0, now - Math.Max(_settled, _restsUntil)) * _rate;
        _settled = Math.Max(_settled, now);
        _tokens = Math.Min(_options.Burst, _tokens + accrues);
        _allowed += accrues;
    }

    private bool TakeToken()
    {
        if (_tokens < Whole || Now() < _restsUntil)
        {
            return false;
        }

        _tokens = Math.Max(0, _tokens - 1);
        return true;
    }

    private void Grow()
    {
        _rate = Math.Min(_options.MaxRate, _rate + (_options.Increase * Math.Min(_settled - _grownUntil, MaxGrowthSeconds)));
        _grownUntil = _settled;
    }

    private void Shrink()
    {
        if (_settled - _decreasedAt >= _options.DecreaseInterval.TotalSeconds)
        {
            _rate = Math.Max(_options.MinRate, _rate * _options.DecreaseFactor);
            _decreasedAt = _settled;
        }

        _grownUntil = _settled;
    }

    private void RestFor(TimeSpan asked)
    {
        var seconds = Math.Clamp(asked.TotalSeconds, 0, _options.MaxRetryAfter.TotalSeconds);
        _restsUntil = Math.Max(_restsUntil, _settled + seconds);
        // A host that has just said "too many" gets no burst when it is asked again.
        _tokens = Math.Min(_tokens, 0);
    }

    private void Arm() => _timer.Change(NextToken(), Timeout.InfiniteTimeSpan);

    /// <summary>Rounded up to what a timer can do: one that is too early would only be set again.</summary>
    private TimeSpan NextToken()
    {
        var wait = Math.Max(0, _restsUntil - _settled) + (Math.Max(0, 1 - _tokens) / _rate);
        return TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(1, (wait * 1000) - 1e-3)));
    }

    private sealed class Waiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public CancellationTokenRegistration Registration { get; set; }
    }
}

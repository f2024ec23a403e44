namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A clock that stands still until it is advanced. Timers fire in the order of their times, on the caller's thread.</summary>
internal sealed class FakeTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2025, 7, 8, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Which, TaskCompletionSource Found)> _watchers = [];
    private DateTimeOffset _now = Epoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Told after every advance.</summary>
    public event Action? Advanced;

    public TimeSpan Elapsed => GetUtcNow() - Epoch;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when somebody waits for a time whose distance from now fulfils <paramref name="which"/>.</summary>
    public Task WhenWaitingAsync(Func<TimeSpan, bool> which)
    {
        lock (_lock)
        {
            if (_timers.Any(timer => which(timer.Due - _now)))
            {
                return Task.CompletedTask;
            }

            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((which, found));
            return found.Task.WaitAsync(Patience.Limit);
        }
    }

    /// <summary>Moves to whatever is waited for next, again and again, until the task ends. For work that takes no time by itself.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            if (await Task.WhenAny(task, WhenWaitingAsync(_ => true)).ConfigureAwait(false) != task)
            {
                TimeSpan next;
                lock (_lock)
                {
                    next = _timers.Count == 0 ? TimeSpan.Zero : _timers.Min(timer => timer.Due) - _now;
                }

                Advance(next);
            }
        }

        await task.Soon();
    }

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (true)
        {
            Timer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
                if (next is null)
                {
                    _now = until;
                    break;
                }

                _now = next.Due > _now ? next.Due : _now;
                next.Reschedule();
            }

            next.Fire();
        }

        Advanced?.Invoke();
    }

    private sealed class Timer(FakeTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                    foreach (var watcher in clock._watchers.Where(watcher => watcher.Which(dueTime)).ToList())
                    {
                        clock._watchers.Remove(watcher);
                        watcher.Found.TrySetResult();
                    }
                }
            }

            return true;
        }

        /// <summary>Called under the clock's lock.</summary>
        public void Reschedule()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
            }
            else
            {
                clock._timers.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Execution;

/// <param name="Seconds">The item's share of the batch's time, slot-seconds.</param>
public sealed record ExecutedStage(StageResult Result, double Seconds);

/// <summary>Runs stages on request, as many at a time as the resource has slots. Items that wait for the same stage go together, up to its batch; where several stages
/// of a resource wait, the item that has waited longest decides. Whoever asks bounds how much waits.</summary>
public sealed class StageExecutor : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<StageId, IStageCall> _calls;
    private readonly EngineActivity _activity;
    private readonly TimeProvider _time;
    private readonly Func<string?> _blocked;
    private readonly Dictionary<Resource, Lane> _lanes;
    private readonly CancellationTokenSource _stop = new();
    private bool _draining;
    private int _disposed;

    /// <param name="blocked">Why no work can be started now (a full disk), or null: then what waits goes on waiting.</param>
    public StageExecutor(IReadOnlyDictionary<StageId, IStageCall> calls, Func<Resource, int> slots, Func<string?> blocked, EngineActivity activity, TimeProvider time)
    {
        (_calls, _activity, _time, _blocked) = (calls, activity, time, blocked);
        _lanes = Enum.GetValues<Resource>().ToDictionary(resource => resource, resource => new Lane(this, resource, slots(resource)));
    }

    /// <summary>Items that wait for a stage.</summary>
    public int Waiting(StageId stage) => _lanes[_calls[stage].Needs].Waiting(stage);

    /// <summary>Runs a stage on an item as soon as there is a slot.</summary>
    /// <exception cref="OperationCanceledException">It was called off, or the executor ends; nothing is known of the item.</exception>
    public Task<ExecutedStage> RunAsync(StageId stage, LeasedItem item, CurationOptions options, CancellationToken cancellationToken)
    {
        var request = new Request(stage, item, options, cancellationToken);
        _lanes[_calls[stage].Needs].Add(request);
        return request.Done.Task;
    }

    /// <summary>Calls off what waits and takes nothing more; the task ends when what runs has come to its end.</summary>
    public async Task DrainAsync()
    {
        Volatile.Write(ref _draining, true);
        foreach (var lane in _lanes.Values)
        {
            await lane.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Calls off what runs and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var lane in _lanes.Values)
        {
            await lane.EndAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync(StageId stage, List<Request> batch)
    {
        var call = _calls[stage];
        batch.RemoveAll(request => request.Cancellation.IsCancellationRequested && request.Done.TrySetCanceled(request.Cancellation));
        if (batch.Count == 0)
        {
            return;
        }

        // What runs is called off when all of it is: of a batch, one item alone is not.
        using var own = batch.TrueForAll(request => request.Cancellation.CanBeCanceled) ? CancellationTokenSource.CreateLinkedTokenSource(_stop.Token) : null;
        using var calledOff = own is null ? null : new CallingOff(batch, own);
        var cancellation = own?.Token ?? _stop.Token;
        var started = _time.GetTimestamp();
        using var span = EngineInstruments.Traces.StartActivity(stage.Name());
        span?.SetTag("items", batch.Count);
        using var working = _activity.Begin(stage, call.Needs, batch.Count);
        try
        {
            IReadOnlyList<LeasedItem> items = batch.Count == 1 ? [batch[0].Item] : [.. batch.Select(request => request.Item)];
            Func<LeasedItem, CurationOptions> options = batch.Count == 1 ? _ => batch[0].Options : item => batch[Index(items, item)].Options;
            var results = await call.MeasureAsync(items, options, cancellation).ConfigureAwait(false);
            var seconds = _time.GetElapsedTime(started).TotalSeconds / batch.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.TrySetResult(new ExecutedStage(results[i], seconds));
            }
        }
        catch (Exception exception)
        {
            foreach (var request in batch)
            {
                if (cancellation.IsCancellationRequested)
                {
                    request.Done.TrySetCanceled(CancellationToken.None);
                }
                else
                {
                    request.Done.TrySetException(exception);
                }
            }
        }
    }

    private static int Index(IReadOnlyList<LeasedItem> items, LeasedItem item)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (ReferenceEquals(items[i], item))
            {
                return i;
            }
        }

        throw new InvalidOperationException("The stage asks for the options of an item that it was not given.");
    }

    private sealed record Request(StageId Stage, LeasedItem Item, CurationOptions Options, CancellationToken Cancellation)
    {
        public TaskCompletionSource<ExecutedStage> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Cancels a batch when the last of its requests is cancelled.</summary>
    private sealed class CallingOff : IDisposable
    {
        private readonly CancellationTokenRegistration[] _registrations;
        private int _left;

        public CallingOff(List<Request> batch, CancellationTokenSource whole)
        {
            _left = batch.Count;
            _registrations = [.. batch.Select(request => request.Cancellation.Register(() =>
            {
                if (Interlocked.Decrement(ref _left) == 0)
                {
                    whole.Cancel();
                }
            }))];
        }

        public void Dispose()
        {
            foreach (var registration in _registrations)
            {
                registration.Dispose();
            }
        }
    }

    /// <summary>The slots of one resource, and who waits for them.</summary>
    private sealed class Lane(StageExecutor executor, Resource resource, int slots)
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

        private readonly Lock _lock = new();
        private readonly Dictionary<StageId, Queue<(long Ticket, Request Request)>> _waiting = [];
        private readonly HashSet<Task> _running = [];
        private long _next;
        private int _busy;

        public int Waiting(StageId stage)
        {
            lock (_lock)
            {
                return _waiting.TryGetValue(stage, out var queue) ? queue.Count : 0;
            }
        }

        public void Add(Request request)
        {
            lock (_lock)
            {
                if (executor._stop.IsCancellationRequested || Volatile.Read(ref executor._draining))
                {
                    request.Done.TrySetCanceled(CancellationToken.None);
                    return;
                }

                if (!_waiting.TryGetValue(request.Stage, out var queue))
                {
                    _waiting[request.Stage] = queue = new Queue<(long, Request)>();
                }

                queue.Enqueue((_next++, request));
                if (_busy == slots)
                {
                    return;
                }

                _busy++;
                Task? worker = null;
                worker = Task.Run(() => WorkAsync(() => worker!));
                _running.Add(worker);
            }
        }

        public async Task EndAsync()
        {
            Task[] running;
            lock (_lock)
            {
                running = [.. _running];
                foreach (var (_, request) in _waiting.Values.SelectMany(queue => queue))
                {
                    request.Done.TrySetCanceled(CancellationToken.None);
                }

                _waiting.Clear();
            }

            await Task.WhenAll(running).ConfigureAwait(false);
        }

        /// <summary>One slot at work until nobody waits.</summary>
        private async Task WorkAsync(Func<Task> self)
        {
            while (true)
            {
                while (executor._blocked() is not null && !executor._stop.IsCancellationRequested)
                {
                    await Task.Delay(Pause, executor._time, executor._stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                List<Request> batch;
                StageId stage;
                lock (_lock)
                {
                    var longest = _waiting.Where(pair => pair.Value.Count > 0).OrderBy(pair => pair.Value.Peek().Ticket).Select(pair => (StageId?)pair.Key).FirstOrDefault();
                    if (longest is null || executor._stop.IsCancellationRequested)
                    {
                        _busy--;
                        _running.Remove(self());
                        return;
                    }

                    stage = longest.Value;
                    var queue = _waiting[stage];
                    batch = new List<Request>(Math.Min(queue.Count, executor._calls[stage].BatchSize));
                    while (batch.Count < batch.Capacity)
                    {
                        batch.Add(queue.Dequeue().Request);
                    }
                }

                await executor.RunAsync(stage, batch).ConfigureAwait(false);
            }
        }

        public override string ToString() => $"{resource}: {_busy} of {slots}";
    }
}

using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.Operations;

/// <summary>How far an operation is.</summary>
/// <param name="Share">0 to 1, or null where it is not known.</param>
public sealed record OperationStep(double? Share, string? Message = null);

/// <summary>What takes a while on the host: re-decisions, exports, screenings. The last ones are kept until the host stops.</summary>
public sealed class OperationBook(TimeProvider time) : IAsyncDisposable
{
    private const int Kept = 50;

    private readonly List<Entry> _entries = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _next;
    private long _revision;

    /// <summary>Moves with every change of any operation.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Starts an operation in the background.</summary>
    /// <param name="key">Operations of one kind and key run one at a time; a second is refused.</param>
    /// <returns>The operation, or null where one of that kind and key runs already.</returns>
    public Operation? Start(string kind, string key, string title, Func<IProgress<OperationStep>, CancellationToken, Task<object?>> work)
    {
        Entry entry;
        lock (_lock)
        {
            if (_entries.Exists(other => other.Key == key && other.Now.Kind == kind && other.Now.State == "running"))
            {
                return null;
            }

            entry = new Entry(key, new Operation($"o{++_next}", kind, title, "running", null, null, null, time.GetUtcNow(), null, null));
            _entries.Insert(0, entry);
            if (_entries.Count > Kept && _entries.FindLastIndex(old => old.Now.State != "running") is >= 0 and var oldest)
            {
                _entries.RemoveAt(oldest);
            }
        }

        Changed();
        entry.Task = Task.Run(() => RunAsync(entry, work));
        return entry.Now;
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Operation> All()
    {
        lock (_lock)
        {
            return [.. _entries.Select(entry => entry.Now)];
        }
    }

    public Operation? Find(string id) => All().FirstOrDefault(operation => operation.Id == id);

    /// <summary>Stops what runs and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        List<Task> running;
        lock (_lock)
        {
            running = [.. _entries.Select(entry => entry.Task).OfType<Task>()];
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task RunAsync(Entry entry, Func<IProgress<OperationStep>, CancellationToken, Task<object?>> work)
    {
        try
        {
            var result = await work(new Steps(this, entry), _stopping.Token).ConfigureAwait(false);
            Set(entry, entry.Now with { State = "done", Progress = 1, Message = null, EndedAt = time.GetUtcNow(), Result = result });
        }
        catch (Exception exception)
        {
            // Whatever ended it, whoever asked for it is told.
            var error = exception is OperationCanceledException ? "It was stopped with the host; start it again." : exception.Message;
            Set(entry, entry.Now with { State = "failed", Error = error, EndedAt = time.GetUtcNow() });
        }
    }

    private void Set(Entry entry, Operation now)
    {
        lock (_lock)
        {
            entry.Now = now;
        }

        Changed();
    }

    /// <summary>A step that is reported late, by a thread that outlives the work, does not open what has ended.</summary>
    private void Advance(Entry entry, OperationStep step)
    {
        lock (_lock)
        {
            if (entry.Now.State != "running")
            {
                return;
            }

            entry.Now = entry.Now with { Progress = step.Share, Message = step.Message ?? entry.Now.Message };
        }

        Changed();
    }

    private void Changed() => Interlocked.Increment(ref _revision);

    private sealed class Entry(string key, Operation now)
    {
        public string Key => key;

        public Operation Now { get; set; } = now;

        public Task? Task { get; set; }
    }

    private sealed class Steps(OperationBook book, Entry entry) : IProgress<OperationStep>
    {
        public void Report(OperationStep value) => book.Advance(entry, value);
    }
}

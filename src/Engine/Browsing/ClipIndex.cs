using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Browsing;

/// <summary>All clips of a ledger as columns in memory: what the gallery filters and sorts, what a what-if decides anew, what audits draw from. Read once, then kept up to date from the
/// decision log, whoever wrote to it. Safe for many readers.</summary>
public sealed partial class ClipIndex(ILedger ledger) : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly SemaphoreSlim _refreshing = new(1);
    private ClipColumns _columns = new();
    private Dictionary<string, int> _reasonNumbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Recent<string, IReadOnlyList<long>> _searches = new(8);
    private readonly Recent<(long? Job, ClipScore Score, double Min, double Max, int Bins), IReadOnlyList<long>> _histograms = new(32);
    private IndexMark? _mark;

    /// <summary>Clips that are held.</summary>
    public int Count => Read(columns => columns.Count);

    /// <summary>Brings the index to the ledger's present state. The first call reads all clips.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_mark is null)
            {
                var columns = new ClipColumns();
                _mark = await ledger.ReadClipsAsync(null, clip => columns.Set(Entry(clip))).ConfigureAwait(false);
                Write(() => _columns = columns);
                return;
            }

            var changes = new List<ClipEntry>();
            _mark = await ledger.ReadClipsAsync(_mark, clip => changes.Add(Entry(clip))).ConfigureAwait(false);
            if (changes.Count > 0)
            {
                Write(() =>
                {
                    foreach (var change in changes)
                    {
                        _columns.Set(change);
                    }
                });
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Reads everything again: something changed that leaves no decision, such as how words are counted.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        _mark = null;
        _refreshing.Release();
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accepted clips that are marked as near-duplicates.</summary>
    public long Duplicates(long? job) => Read(columns =>
    {
        var count = 0L;
        for (var row = 0; row < columns.Count; row++)
        {
            count += columns.DuplicateAt(row) && columns.OutcomeAt(row) == Outcome.Accepted && (job is null || columns.Jobs[row] == job) ? 1 : 0;
        }

        return count;
    });

    public void Dispose()
    {
        _lock.Dispose();
        _refreshing.Dispose();
    }

    /// <summary>64 bits of an id (FNV-1a, then mixed): the same on every machine.</summary>
    internal static ulong Hash(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in id)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return SplitMix64.Mix(hash);
    }

    /// <summary>Where an id stands in the draw of a seed: the least places are drawn, whatever the order in which the ids came.</summary>
    /// <param name="hash"><see cref="Hash"/> of the id.</param>
    internal static ulong DrawPlace(ulong hash, long seed) => SplitMix64.Mix(hash ^ SplitMix64.Mix((ulong)seed));

    private ClipEntry Entry(ClipRow clip)
    {
        // Reasons are few; only the refresh, of which there is one at a time, adds to them.
        var reason = clip.State.Outcome == Outcome.Rejected ? clip.State.Reason ?? "" : "";
        if (!_reasonNumbers.TryGetValue(reason, out var number))
        {
            number = _reasonNumbers.Count;
            _reasonNumbers = new Dictionary<string, int>(_reasonNumbers, StringComparer.Ordinal) { [reason] = number };
        }

        return new ClipEntry(clip.Seq, clip.Job, clip.State.Outcome, clip.State.Stage, number, clip.IsDuplicate, ClipName.Of(clip.Id), Hash(clip.Id), clip.Features);
    }

    private T Read<T>(Func<ClipColumns, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read(_columns);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private void Write(Action write)
    {
        _lock.EnterWriteLock();
        try
        {
            write();
        }
        finally
        {
            _lock.ExitWriteLock();
        }

        // Afterwards: an answer that was made from the old columns is not kept.
        _searches.Forget();
        _histograms.Forget();
    }

    /// <summary>A clip that a re-decision withdrew ended at a stage of its video.</summary>
    private static bool IsWithdrawn(ClipColumns columns, int row) => columns.StageAt(row) < StageId.Cut;
}

using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Engine.Ledger;

/// <summary>What is remembered: jobs, videos, clips, measurements and the append-only decision log. Every method is durable when its task completes.</summary>
public interface ILedger : IAsyncDisposable
{
    /// <summary>What keeps the ledger from writing, in words; null while it works.</summary>
    string? Stalled { get; }

    /// <summary>Counts by state, kept up to date without counting.</summary>
    IReadOnlyList<Tally> Tallies { get; }

    /// <summary>Moves whenever something is written through this ledger.</summary>
    long Revision { get; }

    /// <summary>Forgets what is kept in memory and reads the tallies again: another process may have written.</summary>
    Task RefreshAsync();

    /// <summary>A job's items that wait for or are in a stage.</summary>
    long Pending(long job, StageId stage);

    Task<JobRow> CreateJobAsync(string name, SourceSpec source, CurationOptions options);

    Task<IReadOnlyList<JobRow>> JobsAsync();

    /// <summary>Applies an event to a job and stores the new state.</summary>
    Task<(JobState State, JobEffect Effect)> ChangeJobAsync(long job, JobEvent happened, string? error = null);

    Task SetOptionsAsync(long job, CurationOptions options);

    /// <summary>Forgets what an earlier listing of the job's source skipped: the source is read from its beginning.</summary>
    Task BeginListingAsync(long job);

    /// <summary>Stores what a listing found. Videos that the ledger knows already are counted and left alone.</summary>
    /// <returns>How many are new.</returns>
    Task<int> AddVideosAsync(long job, IReadOnlyList<VideoMetadata> videos, IReadOnlyList<SourceItem.Skipped> skipped);

    Task SetListedAsync(long job, bool listed);

    /// <summary>Hands out up to <paramref name="max"/> items that are due at a stage, until the lease ends.</summary>
    Task<LeaseResult> LeaseAsync(StageId stage, IReadOnlyList<long> jobs, int max, string owner, TimeSpan lease);

    /// <summary>Extends leases that are still held.</summary>
    Task RenewAsync(IReadOnlyList<long> items, string owner, TimeSpan lease);

    /// <summary>Gives items back unworked, due at once or after a delay.</summary>
    Task ReleaseAsync(IReadOnlyList<long> items, string owner, TimeSpan delay);

    /// <summary>Hands out up to <paramref name="max"/> items of a slice of a job that are due, at whatever stage they stand, until the lease ends.</summary>
    Task<LeaseResult> LeaseSliceAsync(long job, ShardSlots slots, ItemKind kind, int max, string owner, TimeSpan lease);

    /// <summary>What a stage needs of an item, read now and leased to nobody by it; null where the ledger does not know it.</summary>
    Task<LeasedItem?> LoadAsync(long item);

    /// <summary>Frees every lease of owners that do not live. An owner that lives after all loses its results in flight, and the work is done again.</summary>
    /// <param name="living">Owners whose leases stay. The embedded engine, which holds the exclusive lock of the data directory, names itself alone.</param>
    /// <returns>How many were freed.</returns>
    Task<int> ReclaimAsync(IReadOnlyCollection<string> living);

    /// <summary>Remembers results in one transaction. A result whose lease was lost is dropped.</summary>
    /// <param name="keep">Items that go on to a next stage at once stay leased for so long; null gives every item back.</param>
    Task<CompletionReport> CompleteAsync(IReadOnlyList<Completion> completions, string owner, TimeSpan? keep = null);

    /// <summary>Moves videos whose clips are all settled to their end.</summary>
    /// <param name="videos">The videos, or null for every one that waits (after a restart).</param>
    Task SettleVideosAsync(IReadOnlyList<long>? videos);

    /// <summary>Overwrites states decided anew, with their decisions; clips may be started or withdrawn. A settled video with a clip that is active
    /// again awaits its clips again.</summary>
    Task RestateAsync(IReadOnlyList<Restatement> restatements);

    /// <summary>Marks clips as duplicates of others and unmarks all other clips.</summary>
    Task MarkDuplicatesAsync(IReadOnlyDictionary<long, (string Of, double Distance)> duplicates, double threshold);

    Task<LedgerItem?> FindAsync(string id);

    /// <summary>Items by their numbers, in the order of the numbers given; numbers that the ledger does not know are left out.</summary>
    IReadOnlyList<LedgerItem> ItemsBySeq(IReadOnlyList<long> items);

    /// <summary>Streams what a clip index holds of clips, ascending by number: all, or those that are new or changed since a mark.</summary>
    /// <returns>The mark up to which it was read.</returns>
    Task<IndexMark> ReadClipsAsync(IndexMark? since, Action<ClipRow> clip);

    /// <summary>Numbers of the clips whose captions contain all words of a text, each as the beginning of a word; ascending.</summary>
    IReadOnlyList<long> SearchCaptions(string text);

    /// <summary>Replaces a clip's caption by a person's; the old one stays in the trail, and the new one is bound to the clip anew.</summary>
    /// <exception cref="LedgerException">The clip has no caption.</exception>
    Task EditCaptionAsync(long item, string brief, string detailed, string editor);

    /// <summary>Stores how many words clips show when they are counted anew.</summary>
    Task SetWordsAsync(IReadOnlyDictionary<long, int> words);

    /// <summary>What stages finished, ascending by time.</summary>
    /// <param name="span">60 or 3600 seconds.</param>
    /// <param name="from">Unix seconds.</param>
    /// <param name="part">Sums spans and jobs: each row begins at a multiple of this many seconds and names job 0. Null gives every span of every job.</param>
    IReadOnlyList<ThroughputRow> Throughput(int span, long from, long? job, long? part = null);

    /// <summary>When the first span of all began, Unix seconds; null where nothing was finished yet.</summary>
    long? FirstThroughput(int span, long? job);

    /// <summary>Stores an audit with its samples in their order.</summary>
    Task<AuditRow> CreateAuditAsync(string name, StageId stage, long? job, long seed, long population, IReadOnlyList<long> samples);

    /// <summary>All audits, newest first.</summary>
    IReadOnlyList<AuditRow> Audits();

    /// <summary>Numbers of an audit's items by position.</summary>
    IReadOnlyList<long> AuditSamples(long audit);

    /// <summary>All marks of an audit, by rater and position.</summary>
    IReadOnlyList<AuditMarkRow> AuditMarks(long audit);

    /// <summary>Sets or replaces a rater's mark; null takes it back.</summary>
    Task MarkAsync(long audit, string rater, int position, AuditMark? mark);

    /// <summary>What people made of an item's caption, first to last.</summary>
    IReadOnlyList<CaptionEdit> CaptionEdits(long item);

    /// <summary>Streams items in id order.</summary>
    IEnumerable<LedgerItem> Items(ItemQuery query);

    /// <summary>What the latest listing of a job's source could not use, in its order.</summary>
    IReadOnlyList<SourceItem.Skipped> Skipped(long job, int limit = int.MaxValue);

    IMeasurements Measurements(long item);

    IReadOnlyList<LoggedDecision> Trail(long item);
}

/// <param name="NextDue">Where nothing was due: when the next item of the stage will be, or null.</param>
public sealed record LeaseResult(IReadOnlyList<LeasedItem> Items, DateTimeOffset? NextDue);

/// <param name="Settled">Videos all of whose clips are now settled.</param>
/// <param name="Lost">Items whose lease was lost: their results were dropped.</param>
public sealed record CompletionReport(IReadOnlyList<long> Settled, IReadOnlyList<long> Lost);

/// <summary>An item's state decided anew.</summary>
/// <param name="NewClips">Clips of a re-planned video that do not exist yet.</param>
public sealed record Restatement(LedgerItem Item, LifeState State, IReadOnlyList<Decision> Decisions, IReadOnlyList<ClipPlan>? NewClips = null);

/// <summary>Which items to list; null means any.</summary>
/// <param name="After">Only items whose ids come after this one.</param>
public sealed record ItemQuery(
    ItemKind? Kind = null, long? Job = null, Outcome? Outcome = null, StageId? Stage = null, long? Parent = null, int Limit = int.MaxValue,
    string? After = null, string? Reason = null);

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A ledger on a fake clock with words for what tests do to it.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder? _folder;
    private readonly PostgresBench? _postgres;

    private LedgerBench(TemporaryFolder? folder, PostgresBench? postgres = null)
    {
        (_folder, _postgres) = (folder, postgres);
        postgres?.Follow(Time);
        Ledger = Open();
    }

    public FakeTime Time { get; } = new();

    public SqlLedger Ledger { get; private set; }

    public SqliteLedger Sqlite => (SqliteLedger)Ledger;

    public string Path => _folder!["ledger.db"];

    public static LedgerBench InMemory() => new(null);

    public static LedgerBench OnDisk() => new(new TemporaryFolder());

    public static async Task<LedgerBench> OpenAsync(Database database) => database switch
    {
        Database.Postgres => new LedgerBench(null, await PostgresBench.WithLedgerAsync()),
        Database.File => OnDisk(),
        _ => InMemory(),
    };

    /// <summary>The same ledger once more, as another process has it.</summary>
    public SqlLedger Open() => _postgres is { } postgres ? postgres.Open() : SqliteLedger.Open(_folder?["ledger.db"], Time, NullLogger.Instance);

    public async Task ReopenAsync()
    {
        await Ledger.DisposeAsync();
        Ledger = Open();
    }

    public static VideoMetadata Video(int number, string kind = "test") => new()
    {
        SourceKind = kind, SourceKey = number.ToString(System.Globalization.CultureInfo.InvariantCulture), Location = "/videos/" + number, Title = "Video " + number,
    };

    public static ClipPlan Clip(int number) => new(new ClipInterval(number * 8000L, (number + 1) * 8000L), "words of clip " + number);

    public async Task<JobRow> JobAsync(int videos = 0, CurationOptions? options = null, int from = 0)
    {
        var job = await Ledger.CreateJobAsync("job", new SourceSpec("test", "/videos"), options ?? new CurationOptions());
        await Ledger.AddVideosAsync(job.Id, [.. Enumerable.Range(from, videos).Select(i => Video(i))], []);
        return job;
    }

    public async Task<IReadOnlyList<LeasedItem>> LeaseAsync(StageId stage, long job, int max = 100, string owner = "me") =>
        (await Ledger.LeaseAsync(stage, [job], max, owner, Lease)).Items;

    /// <summary>Leases and passes everything that is due at a stage.</summary>
    public async Task<IReadOnlyList<LeasedItem>> PassAsync(StageId stage, long job, int clips = 0, int max = 100)
    {
        var leased = await LeaseAsync(stage, job, max);
        var settled = (await Ledger.CompleteAsync([.. leased.Select(item => Passed(item, clips))], "me")).Settled;
        await Ledger.SettleVideosAsync(settled);
        return leased;
    }

    /// <summary>Brings all videos of a job to their clips.</summary>
    public async Task SegmentAsync(long job, int clips)
    {
        await PassAsync(StageId.Screen, job);
        await PassAsync(StageId.Fetch, job);
        await PassAsync(StageId.Probe, job);
        await PassAsync(StageId.Segment, job, clips);
    }

    public async Task AcceptClipsAsync(long job)
    {
        foreach (var stage in StageOrder.Clip(StageOrderKind.Paper).Stages)
        {
            await PassAsync(stage, job);
        }
    }

    public static Completion Passed(LeasedItem leased, int clips = 0)
    {
        var stage = leased.Item.State.Stage;
        return Completed(leased, new LifeEvent.Passed(stage), new Decision(stage, DecisionVerdict.Passed, null, 0.5, 0.25, "m@1")) with
        {
            Measurement = new Measurement(stage, 1, "m@1", new Dictionary<string, double> { ["score"] = 0.5 }, """{"seen":true}"""),
            Clips = stage == StageId.Segment ? [.. Enumerable.Range(0, clips).Select(Clip)] : null,
        };
    }

    public static Completion Rejected(LeasedItem leased, string reason = "too-dark", double score = 0.1)
    {
        var stage = leased.Item.State.Stage;
        return Completed(leased, new LifeEvent.Rejected(stage, reason, score), new Decision(stage, DecisionVerdict.Rejected, reason, score, 0.25, "m@1"));
    }

    public static Completion Failed(LeasedItem leased, bool retryable = false, TimeSpan? delay = null)
    {
        var stage = leased.Item.State.Stage;
        return Completed(leased, new LifeEvent.Failed(stage, "the tool died", retryable), new Decision(stage, DecisionVerdict.Failed, "the tool died", null, null, "m@1")) with { Delay = delay };
    }

    /// <summary>A connection of the test's own to the ledger in PostgreSQL.</summary>
    public Npgsql.NpgsqlConnection Connect() => _postgres!.Connect();

    public void Audit()
    {
        if (_postgres is null)
        {
            LedgerAudit.Check(Sqlite.Writer);
            return;
        }

        using var connection = _postgres.Connect();
        LedgerAudit.Check(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        _folder?.Dispose();
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static Completion Completed(LeasedItem leased, LifeEvent happened, Decision decision)
    {
        var transition = leased.Item.Kind == ItemKind.Video
            ? VideoLifecycle.Apply(leased.Item.State, happened, RetryPolicy.Default)
            : ClipLifecycle.Apply(leased.Item.State, happened, StageOrder.Clip(StageOrderKind.Paper), RetryPolicy.Default);
        return new Completion(leased, transition, decision);
    }
}

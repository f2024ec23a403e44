using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Services;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>Several processes share a ledger and get into nobody's way.</summary>
public sealed class SharedLedgerTests
{
    [PostgresFact]
    public async Task Silos_that_race_lease_nothing_twice_and_complete_nothing_twice()
    {
        await using var database = await PostgresBench.CreateAsync();
        await using var one = database.Open();
        await using var two = database.Open();
        var job = await one.CreateJobAsync("job", new("test", "/videos"), new());
        await one.AddVideosAsync(job.Id, [.. Enumerable.Range(0, 60).Select(i => LedgerBench.Video(i))], []);
        using var looking = database.Connect();
        var load = new SiloLoad(job.Id, () => Active(looking));
        var working = Task.WhenAll(load.RunAsync(one, "one"), load.RunAsync(two, "two"));

        // What silos do beside their work, all of it at odds with the others' locks.
        while (!working.IsCompleted)
        {
            await Task.WhenAll(
                one.SettleVideosAsync(null), two.SettleVideosAsync(null), one.ReclaimAsync(["one", "two"]), two.ReclaimAsync(["one", "two"]),
                two.AddVideosAsync(job.Id, [.. Enumerable.Range(0, 60).Select(i => LedgerBench.Video(59 - i))], []), one.AddVideosAsync(job.Id, [.. Enumerable.Range(0, 60).Select(i => LedgerBench.Video(i))], []),
                one.ChangeJobAsync(job.Id, JobEvent.PauseRequested), two.ChangeJobAsync(job.Id, JobEvent.ResumeRequested)).Soon();
        }

        await working.Soon();
        Assert.Empty(load.Faults);
        SiloLoad.AssertAllDoneOnce(looking, videos: 60, clips: 3);
        await one.RefreshAsync();
        await two.RefreshAsync();
        Assert.Equal(one.Tallies, two.Tallies);
        Assert.Equal(60, Assert.Single(await two.JobsAsync()).Found);
        AssertNoDeadlock(looking);
    }

    [PostgresFact]
    public async Task Redecisions_and_marks_of_two_silos_leave_the_counts_right()
    {
        await using var database = await PostgresBench.CreateAsync();
        await using var one = database.Open();
        await using var two = database.Open();
        var job = await one.CreateJobAsync("job", new("test", "/videos"), new());
        await one.AddVideosAsync(job.Id, [.. Enumerable.Range(0, 10).Select(i => LedgerBench.Video(i))], []);
        using var looking = database.Connect();
        await new SiloLoad(job.Id, () => Active(looking)).RunAsync(one, "one").Soon();
        var items = one.Items(new ItemQuery()).ToList();
        var clips = items.Where(item => item.Kind == ItemKind.Clip).ToList();

        for (var round = 0; round < 4; round++)
        {
            var (again, over) = (LifeState.At(StageId.Caption), new LifeState(Outcome.Rejected, StageId.Joint, 0, "reason " + round, 1));
            await Task.WhenAll(
                one.RestateAsync([.. items.Select(item => new Restatement(item, item.Kind == ItemKind.Clip ? again : item.State, []))]),
                two.RestateAsync([.. items.AsEnumerable().Reverse().Select(item => new Restatement(item, item.Kind == ItemKind.Clip ? over : item.State, []))]),
                one.MarkDuplicatesAsync(clips.Skip(round).ToDictionary(clip => clip.Seq, clip => ("of " + round, 1.0)), 6),
                two.MarkDuplicatesAsync(clips.SkipLast(round).ToDictionary(clip => clip.Seq, clip => ("of others", 2.0)), 6),
                one.SettleVideosAsync(null), two.SettleVideosAsync(null)).Soon();
            LedgerAudit.Check(looking);
        }

        AssertNoDeadlock(looking);
    }

    [PostgresFact]
    public async Task What_another_silo_wrote_is_counted_here_soon_without_being_asked_for()
    {
        await using var database = await PostgresBench.CreateAsync();
        await using var one = database.Open();
        await using var two = database.Open();
        var job = await one.CreateJobAsync("job", new("test", "/videos"), new());
        var before = two.Revision;

        await one.AddVideosAsync(job.Id, [LedgerBench.Video(1), LedgerBench.Video(2)], []);

        await Polling.UntilAsync(() => two.Pending(job.Id, StageId.Screen) == 2);
        Assert.NotEqual(before, two.Revision);
        Assert.Equal(2, one.Pending(job.Id, StageId.Screen));

        // Reading alone moves nothing: whoever waits for news is left in peace.
        var still = two.Revision;
        await one.LoadAsync(1);
        await two.RefreshAsync();
        Assert.Equal(still, two.Revision);
    }

    [PostgresFact]
    public async Task A_clip_index_misses_nothing_of_transactions_that_end_in_another_order_than_they_began()
    {
        await using var bench = await LedgerBench.OpenAsync(Database.Postgres);
        var job = await bench.JobAsync(videos: 2);
        await bench.SegmentAsync(job.Id, clips: 1);
        var clips = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).ToList();
        using var early = bench.Connect();
        using var transaction = early.BeginTransaction();
        new NpgsqlCommand($"INSERT INTO decision(item, stage, verdict, model_version, at) VALUES ({clips[0].Seq}, 11, 1, '', 0)", early, transaction).ExecuteNonQuery();
        await bench.Ledger.RestateAsync([new Restatement(clips[1], LifeState.At(StageId.Caption), [])]);
        var mark = await bench.Ledger.ReadClipsAsync(null, _ => { });
        transaction.Commit();

        var changed = new List<long>();
        var next = await bench.Ledger.ReadClipsAsync(mark, clip => changed.Add(clip.Seq));
        Assert.Contains(clips[0].Seq, changed);

        // A transaction of any database of the server holds the mark back: until it has ended, what is known is read again.
        using var limit = new CancellationTokenSource(Patience.Limit);
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            changed.Clear();
            next = await bench.Ledger.ReadClipsAsync(next, clip => changed.Add(clip.Seq));
        }
        while (changed.Count > 0);
    }

    [PostgresFact]
    public async Task A_silo_whose_clock_is_hours_off_does_no_harm()
    {
        await using var database = await PostgresBench.CreateAsync();
        await using var right = database.Open();
        await using var wrong = PostgresLedger.Open(database.ConnectionString, new Skewed(TimeSpan.FromHours(-5)), NullLogger.Instance);
        await using var other = PostgresLedger.Open(database.ConnectionString, new Skewed(TimeSpan.FromHours(7)), NullLogger.Instance);
        var job = await wrong.CreateJobAsync("job", new("test", "/videos"), new());
        await wrong.AddVideosAsync(job.Id, [LedgerBench.Video(1)], []);

        var item = Assert.Single((await wrong.LeaseAsync(StageId.Screen, [job.Id], 9, "wrong", LedgerBench.Lease)).Items);
        foreach (var (ledger, skew) in new[] { (right, 0), (wrong, -5), (other, 7) })
        {
            var none = await ledger.LeaseAsync(StageId.Screen, [job.Id], 9, "x", LedgerBench.Lease);
            Assert.Empty(none.Items);
            Assert.InRange(none.NextDue!.Value - DateTimeOffset.UtcNow - TimeSpan.FromHours(skew), TimeSpan.FromMinutes(-5), LedgerBench.Lease);
        }

        Assert.Empty((await wrong.CompleteAsync([LedgerBench.Failed(item, retryable: true, TimeSpan.FromHours(1))], "wrong")).Lost);
        Assert.Empty((await other.LeaseAsync(StageId.Screen, [job.Id], 9, "other", LedgerBench.Lease)).Items);
        Assert.InRange(Assert.Single(right.Trail(item.Item.Seq)).At - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
    }

    /// <summary>Rows are locked in one order, so that the server never has to choose a victim (which costs a second each time).</summary>
    internal static void AssertNoDeadlock(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", connection);
        Assert.Equal(0L, command.ExecuteScalar());
    }

    private static bool Active(NpgsqlConnection connection)
    {
        lock (connection)
        {
            using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM item WHERE outcome IN (0, 1))", connection);
            return (bool)command.ExecuteScalar()!;
        }
    }

    private sealed class Skewed(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}

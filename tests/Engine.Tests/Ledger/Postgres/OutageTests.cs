using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Services;
using MedGenCluster.Engine.Tests.Support;
using MedGenCluster.Services;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>PostgreSQL goes away and comes back: work waits, and nothing is lost or done twice.</summary>
public sealed class OutageTests
{
    [PostgresFact]
    public async Task A_server_that_restarts_under_load_loses_nothing_and_doubles_nothing()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var one = Open(server.ConnectionString);
        await using var two = Open(server.ConnectionString);
        var job = await one.CreateJobAsync("job", new("test", "/videos"), new());
        await one.AddVideosAsync(job.Id, [.. Enumerable.Range(0, 80).Select(i => LedgerBench.Video(i))], []);
        var load = new SiloLoad(job.Id, () => one.Items(new ItemQuery(Outcome: Curation.Lifecycle.Outcome.Active, Limit: 1)).Any() || one.Items(new ItemQuery(Outcome: Curation.Lifecycle.Outcome.AwaitingClips, Limit: 1)).Any());
        var working = Task.WhenAll(load.RunAsync(one, "one"), load.RunAsync(two, "two"));

        for (var restart = 0; restart < 3 && !working.IsCompleted; restart++)
        {
            var done = Finished(one);
            await Polling.UntilAsync(() => working.IsCompleted || Finished(one) >= done + 50);
            await server.RestartAsync(crash: restart % 2 == 0);
        }

        await working.Soon();
        Assert.Empty(load.Faults);
        using var connection = Connect(server);
        SiloLoad.AssertAllDoneOnce(connection, videos: 80, clips: 3);
        Assert.Null(one.Stalled);
    }

    [PostgresFact]
    public async Task While_the_server_is_away_operations_wait_and_say_so()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var ledger = Open(server.ConnectionString);
        var job = await ledger.CreateJobAsync("job", new("test", "/videos"), new());
        await server.StopAsync();

        var adding = ledger.AddVideosAsync(job.Id, [LedgerBench.Video(1)], []);
        var reading = Task.Run(() => ledger.Items(new ItemQuery()).ToList());
        await Polling.UntilAsync(() => ledger.Stalled is not null);
        Assert.Contains("PostgreSQL does not answer", ledger.Stalled);
        Assert.Contains("goes on by itself", ledger.Stalled);
        Assert.False(adding.IsCompleted);

        await server.ContinueAsync();
        Assert.Equal(1, await adding.Soon());
        await reading.Soon();
        await Polling.UntilAsync(() => ledger.Stalled is null);
        Assert.Equal(1, ledger.Pending(job.Id, StageId.Screen));
    }

    [PostgresFact]
    public async Task A_ledger_that_closes_without_its_server_fails_what_waits()
    {
        await using var server = await PostgresServer.StartAsync(durable: false);
        var ledger = Open(server.ConnectionString);
        var job = await ledger.CreateJobAsync("job", new("test", "/videos"), new());
        await server.StopAsync();
        var waiting = Enumerable.Range(0, 5).Select(i => ledger.AddVideosAsync(job.Id, [LedgerBench.Video(i)], [])).ToList();
        await Polling.UntilAsync(() => ledger.Stalled is not null);

        await ledger.DisposeAsync().AsTask().Soon();

        foreach (var adding in waiting)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => adding.Soon());
        }
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_got_no_answer_is_applied_once_whether_it_had_arrived_or_not(bool arrives)
    {
        await using var database = await PostgresBench.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new CuttingProxy(direct.Port);
        await using var ledger = Open(new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = proxy.Port }.ConnectionString);
        var job = await ledger.CreateJobAsync("job", new("test", "/videos"), new());

        proxy.CutAtCommits(3, arrives);
        Assert.Equal(2, await ledger.AddVideosAsync(job.Id, [LedgerBench.Video(1), LedgerBench.Video(2)], []).Soon());
        await Polling.UntilAsync(() => proxy.Cuts == 0);
        var leased = (await ledger.LeaseAsync(StageId.Screen, [job.Id], 9, "me", LedgerBench.Lease)).Items;
        proxy.CutAtCommits(1, arrives);
        var report = await ledger.CompleteAsync([.. leased.Select(item => LedgerBench.Passed(item))], "me", LedgerBench.Lease).Soon();
        await Polling.UntilAsync(() => proxy.Cuts == 0);

        Assert.Empty(report.Lost);
        Assert.Equal(2, leased.Count);
        Assert.All(leased, item => Assert.Single(ledger.Trail(item.Item.Seq)));
        Assert.Equal(2, Assert.Single(await ledger.JobsAsync()).Found);
        Assert.Equal((0, 2), (ledger.Pending(job.Id, StageId.Screen), ledger.Pending(job.Id, StageId.Fetch)));
        using var connection = database.Connect();
        LedgerAudit.Check(connection);
    }

    private static PostgresLedger Open(string connectionString) => PostgresLedger.Open(connectionString, TimeProvider.System, NullLogger.Instance);

    private static long Finished(PostgresLedger ledger) => ledger.Throughput(3600, 0, null).Sum(row => row.Finished);

    private static NpgsqlConnection Connect(PostgresServer server)
    {
        var connection = new NpgsqlConnection(MedGenCluster.Engine.Ledger.Postgres.PostgresConnections.Writer(server.ConnectionString));
        connection.Open();
        return connection;
    }
}

using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Tests.Redeciding;

/// <summary>A running job is held, decided anew and released: as if it had been at rest.</summary>
public sealed class HeldRedecisionTests
{
    private const int Videos = 40;

    public static TheoryData<int, StageId, double, double> Moments => new()
    {
        // After how many batches of which stage; tau and minimum that are asked for then.
        { 1, StageId.Segment, 0.3, 0.5 },
        { 2, StageId.Cut, 0.6, 0.5 },
        { 3, StageId.Caption, 0.1, 0.7 },
        { 1, StageId.Aesthetics, 0.3, 0.1 },
        { 4, StageId.Aesthetics, 0.5, 0.6 },
        { 2, StageId.Joint, 0.2, 0.8 },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_job_that_is_decided_anew_under_load_ends_as_if_it_had_been_crawled_so(int batches, StageId stage, double tau, double minimum)
    {
        var (before, after) = (RedeciderTests.Options(tau: 0.3, aesthetics: 0.3), RedeciderTests.Options(tau, aesthetics: minimum));
        await using var bench = RedeciderTests.NewBench();
        var (reached, asked) = (Signal(), Signal());
        bench.Pipeline.Behaviours[stage] = async call =>
        {
            if (Interlocked.Decrement(ref batches) == 0)
            {
                reached.SetResult();
                await asked.Task;
            }

            return call.Normal();
        };
        var job = await bench.SubmitAsync(Videos, before);
        await using var running = bench.Start(untilIdle: true);
        await reached.Task.Soon();

        var holding = running.Engine.HoldAsync(job.Id, CancellationToken.None);
        Assert.False(holding.IsCompleted);
        asked.SetResult();
        var hold = await holding.Soon();
        Assert.All(Enum.GetValues<StageId>(), id => Assert.Equal(0, running.Engine.Activity.InFlight(id)));
        var (runs, decisions) = (bench.Pipeline.Runs.Count, 0L);
        await Redecider(bench).RunAsync(await bench.JobAsync(job.Id), after, CancellationToken.None);
        LedgerAudit.Check(bench.LedgerPath);
        Assert.Equal(runs, bench.Pipeline.Runs.Count);
        decisions = Read(bench, "SELECT MAX(seq) FROM decision");
        await hold.DisposeAsync();
        await running.Work.Soon();

        LedgerAudit.CheckIdle(bench.LedgerPath);
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        Assert.True(Read(bench, $"SELECT COUNT(*) FROM decision WHERE seq > {decisions}") > 0);
        Assert.Equal(0, Read(bench, FormattableString.Invariant($"SELECT COUNT(*) FROM decision WHERE seq > {decisions} AND stage = {(int)StageId.Aesthetics} AND threshold IS NOT {minimum}")));
        await using var scratch = RedeciderTests.NewBench();
        await scratch.SubmitAsync(Videos, after);
        await scratch.RunUntilIdleAsync();
        Assert.NotEmpty(scratch.AcceptedIds());
        Assert.Equal(RedeciderTests.States(scratch), RedeciderTests.States(bench));
    }

    [Fact]
    public async Task A_job_that_is_held_stands_still_while_another_comes_to_its_end()
    {
        await using var bench = RedeciderTests.NewBench();
        var (reached, asked, ended) = (Signal(), Signal(), Signal());
        var first = await bench.SubmitAsync(Videos, RedeciderTests.Options(tau: 0.3));
        bench.Pipeline.Behaviours[StageId.Cut] = async call =>
        {
            reached.TrySetResult();
            await asked.Task;
            return call.Normal();
        };
        bench.Finish = job =>
        {
            if (job.Id != first.Id)
            {
                ended.SetResult();
            }

            return Task.CompletedTask;
        };
        await using var running = bench.Start(untilIdle: true);
        await reached.Task.Soon();
        var holding = running.Engine.HoldAsync(first.Id, CancellationToken.None);
        asked.SetResult();
        var hold = await holding.Soon();
        var before = Of(bench, first.Id);

        var second = await bench.SubmitAsync(Videos, RedeciderTests.Options(tau: 0.3), from: 1000);
        running.Engine.Wake();
        await ended.Task.Soon();

        Assert.Equal(before, Of(bench, first.Id));
        Assert.NotEmpty(bench.AcceptedIds(second.Id));
        await hold.DisposeAsync();
        await running.Work.Soon();
        Assert.Equal([second.Id, first.Id], bench.Finished);
        LedgerAudit.CheckIdle(bench.LedgerPath);
        bench.AssertOneVerdictForEachStage();
    }

    [Fact]
    public async Task A_hold_that_is_given_up_lets_the_job_go_on()
    {
        await using var bench = RedeciderTests.NewBench();
        var (reached, go) = (Signal(), Signal());
        bench.Pipeline.Behaviours[StageId.Caption] = async call =>
        {
            reached.TrySetResult();
            await go.Task;
            return call.Normal();
        };
        var job = await bench.SubmitAsync(Videos, RedeciderTests.Options(tau: 0.3));
        await using var running = bench.Start(untilIdle: true);
        await reached.Task.Soon();
        using var patience = new CancellationTokenSource();

        var holding = running.Engine.HoldAsync(job.Id, patience.Token);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => running.Engine.HoldAsync(job.Id, CancellationToken.None));
        Assert.Contains($"Job {job.Id} is held already", error.Message);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding.Soon());
        go.SetResult();
        await running.Work.Soon();

        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    private static Redecider Redecider(EngineBench bench) => new(bench.Ledger, bench.Pipeline.Catalog(), (video, _, options) => RedeciderTests.Plan(video.Id.Value, options));

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static List<(string, LifeState)> Of(EngineBench bench, long job) => [.. bench.Ledger.Items(new ItemQuery(Job: job)).Select(item => (item.Id, item.State))];

    private static long Read(EngineBench bench, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={bench.LedgerPath};Pooling=False");
        return connection.ExecuteScalar<long>(sql);
    }
}

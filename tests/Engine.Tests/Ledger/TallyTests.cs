using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;
using Outcome = MedGenCluster.Curation.Lifecycle.Outcome;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>The tallies equal a recount of the items whatever happened, in memory and in the file.</summary>
public sealed class TallyTests
{
    /// <param name="Kind">What to do.</param>
    /// <param name="A">Which job, stage or item.</param>
    /// <param name="B">How many, or which verdict.</param>
    private sealed record Step(int Kind, int A, int B);

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public void Tallies_equal_a_recount_after_any_operations(Database database)
    {
        var steps = Gen.Choose(0, 9).SelectMany(kind => Gen.Choose(0, 1000).SelectMany(a => Gen.Choose(0, 1000).Select(b => new Step(kind, a, b)))).ArrayOf(40);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(database == Database.Postgres ? 8 : 30).WithReplay(4711, 30103),
            Prop.ForAll(steps.ToArbitrary(), sequence => RunAsync(database, sequence).GetAwaiter().GetResult()));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Tallies_equal_a_recount_when_operations_fail_among_others(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync();
        var adding = Enumerable.Range(0, 60).Select(i => bench.Ledger.AddVideosAsync(job.Id, [LedgerBench.Video(i), LedgerBench.Video(i + 1)], [])).ToList();
        var failing = Enumerable.Range(0, 60).Select(i => bench.Ledger.ChangeJobAsync(1000 + i, JobEvent.PauseRequested)).ToList();

        await Task.WhenAll(adding).Soon();
        foreach (var failed in failing)
        {
            await Assert.ThrowsAsync<LedgerException>(() => failed);
        }

        Assert.Equal(61, bench.Ledger.Pending(job.Id, StageId.Screen));
        bench.Audit();
    }

    private static async Task<bool> RunAsync(Database database, Step[] steps)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var jobs = new[] { (await bench.JobAsync()).Id, (await bench.JobAsync()).Id };
        var leased = new List<LeasedItem>();
        var stages = StageOrder.Video.Stages.Concat(StageOrder.Clip(Curation.Stages.StageOrderKind.Paper).Stages).ToArray();
        foreach (var step in steps)
        {
            await ApplyAsync(bench, jobs, stages, leased, step);
        }

        bench.Audit();
        var recount = bench.Ledger.Items(new ItemQuery())
            .GroupBy(item => (item.Job, item.Kind, item.State.Outcome, item.State.Stage, Reason: item.State.Outcome == Outcome.Rejected ? item.State.Reason ?? "" : ""))
            .Select(group => new Tally(group.Key.Job, group.Key.Kind, group.Key.Outcome, group.Key.Stage, group.Key.Reason, group.Count()))
            .ToHashSet();
        return recount.SetEquals(bench.Ledger.Tallies)
            && stages.All(stage => jobs.All(job => bench.Ledger.Pending(job, stage) == recount.Where(t => t.Job == job && t.Stage == stage && t.Outcome == Outcome.Active).Sum(t => t.Count)));
    }

    private static async Task ApplyAsync(LedgerBench bench, long[] jobs, StageId[] stages, List<LeasedItem> leased, Step step)
    {
        var job = jobs[step.A % 2];
        switch (step.Kind)
        {
            case 0:
                await bench.Ledger.AddVideosAsync(job, [.. Enumerable.Range(step.A % 20, step.B % 5).Select(i => LedgerBench.Video(i))], []);
                break;
            case 1:
                leased.AddRange((await bench.Ledger.LeaseAsync(stages[step.A % stages.Length], jobs, step.B % 10, "me", LedgerBench.Lease)).Items);
                break;
            case 2:
            case 3:
                // Everything that is leased, also what is no longer: twice completed, or lost to another owner.
                var settled = (await bench.Ledger.CompleteAsync(
                    [.. leased.Select((item, i) => ((step.B + i) % 7) switch { 0 => LedgerBench.Rejected(item, "reason-" + (i % 3)), 1 => LedgerBench.Failed(item), 2 => LedgerBench.Failed(item, retryable: true), _ => LedgerBench.Passed(item, i % 4) })], "me")).Settled;
                await bench.Ledger.SettleVideosAsync(settled);
                leased.RemoveRange(0, leased.Count / 2);
                break;
            case 4:
                var items = bench.Ledger.Items(new ItemQuery()).ToList();
                if (items.Count > 0)
                {
                    await bench.Ledger.RestateAsync([RestatementOf(items[step.A % items.Count], step.B)]);
                    await bench.Ledger.SettleVideosAsync(null);
                }

                break;
            case 5:
                bench.Time.Advance(LedgerBench.Lease);
                await bench.Ledger.LeaseAsync(stages[step.B % stages.Length], jobs, 3, "thief", LedgerBench.Lease);
                break;
            case 6:
                await bench.Ledger.ReclaimAsync([step.B % 2 == 0 ? "me" : "nobody"]);
                break;
            case 7:
                await bench.Ledger.RefreshAsync();
                break;
            case 8:
                await Assert.ThrowsAsync<LedgerException>(() => bench.Ledger.ChangeJobAsync(999, JobEvent.PauseRequested));
                break;
            default:
                // Brings the whole ledger forward, so that later steps meet clips.
                foreach (var stage in StageOrder.Video.Stages)
                {
                    await bench.PassAsync(stage, job, clips: 1 + (step.B % 3));
                }

                break;
        }
    }

    /// <summary>States that a re-decision or a retry sets.</summary>
    private static Restatement RestatementOf(LedgerItem item, int choice)
    {
        if (item.Kind == ItemKind.Clip)
        {
            var state = (choice % 3) switch
            {
                0 => LifeState.At(StageId.Borders),
                1 => new LifeState(Outcome.Accepted, StageId.Joint),
                _ => new LifeState(Outcome.Rejected, StageId.Aesthetics, 0, "ugly", 1.5),
            };
            return new Restatement(item, state, [new Decision(state.Stage, DecisionVerdict.Reopened, state.Reason, state.Score, null, "")]);
        }

        return item.State.Outcome is Outcome.Done or Outcome.AwaitingClips && choice % 2 == 0
            ? new Restatement(item, new LifeState(Outcome.AwaitingClips, StageId.Segment), [], [LedgerBench.Clip(choice % 6)])
            : new Restatement(item, item.State.Outcome == Outcome.Failed ? LifeState.At(item.State.Stage) : item.State, []);
    }
}

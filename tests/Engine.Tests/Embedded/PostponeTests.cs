using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>A source that stands still costs its items nothing.</summary>
public sealed class PostponeTests
{
    [Fact]
    public async Task A_postponed_item_comes_back_after_its_time_with_all_its_attempts()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        var shut = true;
        var asked = 0;
        bench.Pipeline.BatchSize = _ => 1;
        bench.Pipeline.Behaviours[StageId.Fetch] = call =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(shut ? [new StageResult.Postponed("the host refuses", TimeSpan.FromSeconds(4))] : call.Normal());
        };
        await bench.SubmitAsync(videos: 3);
        await using var running = bench.Start(untilIdle: true);
        while (Volatile.Read(ref asked) < 12)
        {
            await time.WhenWaitingAsync(_ => true);
            time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal("the host refuses", running.Engine.Standstill);
        Assert.All(bench.Items(Outcome.Active, ItemKind.Video), video => Assert.Equal(LifeState.At(StageId.Fetch), video.State));
        shut = false;
        await time.AdvanceUntilAsync(running.Work);

        Assert.Equal(9, bench.AcceptedIds().Count);
        Assert.DoesNotContain(
            bench.Items(Outcome.Done, ItemKind.Video).SelectMany(video => bench.Ledger.Trail(video.Seq)), line => line.Decision.Verdict == DecisionVerdict.Failed);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task What_a_fetch_learns_of_a_video_is_known_to_all_that_follows()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Behaviours[StageId.Fetch] = call => Task.FromResult<IReadOnlyList<StageResult>>(
            [.. call.Normal().Cast<StageResult.Measured>().Select(result => result with { Metadata = LedgerBench.Video(0) with { Licence = "CC BY 4.0" } })]);
        await bench.SubmitAsync(videos: 1);

        await bench.RunUntilIdleAsync();

        var video = Assert.Single(bench.Items(Outcome.Done, ItemKind.Video));
        Assert.Equal("CC BY 4.0", EngineJson.Video(video.Facts).Licence);
        Assert.Equal(3, bench.AcceptedIds().Count);
    }
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>Engines that die: nothing is lost, nothing comes twice.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(StageId.Fetch)]
    [InlineData(StageId.Segment)]
    [InlineData(StageId.Caption)]
    [InlineData(StageId.Joint)]
    public async Task Another_engine_takes_over_and_the_late_results_of_the_first_are_dropped(StageId dying)
    {
        await using var bench = new EngineBench();
        var inside = new TaskCompletionSource();
        bench.Pipeline.Behaviours[dying] = call =>
        {
            inside.TrySetResult();
            return Task.FromResult(call.Normal());
        };
        await bench.SubmitAsync(videos: 10);
        var suspended = FlakyLedger.Over(bench.Ledger);
        var first = bench.Start("dead", suspended.Ledger);
        await inside.Task.Soon();
        await suspended.FreezeAsync().Soon();

        // The first engine is neither stopped nor closed, and holds what it leased; a second one takes over the file.
        await using (var ledger = bench.OpenLedger())
        {
            await using var second = bench.NewEngine("second", ledger);
            await second.RunAsync(untilIdle: true, CancellationToken.None).Soon();
        }

        LedgerAudit.CheckIdle(bench.LedgerPath);
        Assert.Equal(30, bench.AcceptedIds().Count);
        suspended.Thaw();
        await first.DisposeAsync();

        LedgerAudit.CheckIdle(bench.LedgerPath);
        Assert.Equal(30, bench.AcceptedIds().Count);
        bench.AssertOneVerdictForEachStage();
    }

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_loses_nothing_and_repeats_no_verdict()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20250708);
        for (var round = 0; round < 5; round++)
        {
            Assert.True(await CrashChild.KilledAfterAsync(folder.Path, random.Next(1, 250)));
            LedgerAudit.Check(folder["ledger.db"]);
        }

        Assert.False(await CrashChild.KilledAfterAsync(folder.Path, int.MaxValue));
        LedgerAudit.CheckIdle(folder["ledger.db"]);
        await AssertAsIfNeverKilledAsync(folder);
    }

    private static async Task AssertAsIfNeverKilledAsync(TemporaryFolder folder)
    {
        await using var ledger = SqliteLedger.Open(folder["ledger.db"], TimeProvider.System, NullLogger.Instance);
        var media = new DirectoryMediaStore(folder["media"], folder["tmp"]);
        var pipeline = CrashChild.Pipeline();
        var options = new CurationOptions();
        var items = ledger.Items(new ItemQuery()).ToList();
        foreach (var item in items)
        {
            var order = item.Kind == ItemKind.Video ? StageOrder.Video : StageOrder.Clip(options.Order);
            var rejectedBy = pipeline.RejectedBy(order.Stages, item.Id, options);
            Assert.Equal(rejectedBy is null ? (item.Kind == ItemKind.Video ? Outcome.Done : Outcome.Accepted) : Outcome.Rejected, item.State.Outcome);
            Assert.Equal(rejectedBy ?? order.Stages[^1], item.State.Stage);

            // One verdict for each stage up to the last, and no other line: a result that was lost with its process was never written.
            Assert.Equal(order.Stages.TakeWhile(stage => stage != item.State.Stage).Append(item.State.Stage), ledger.Trail(item.Seq).Select(line => line.Decision.Stage));
            if (item.State.Outcome == Outcome.Accepted)
            {
                Assert.Equal(item.Id, await File.ReadAllTextAsync(await media.OpenLocalAsync(item.Media!, CancellationToken.None)));
            }
        }

        // Every verdict of the log is counted once in its minute and once in its hour, and nothing else is.
        var verdicts = items.SelectMany(item => ledger.Trail(item.Seq)).GroupBy(line => line.Decision.Stage).OrderBy(stage => stage.Key)
            .Select(stage => (stage.Key, Passed: stage.LongCount(line => line.Decision.Verdict == DecisionVerdict.Passed), Rejected: stage.LongCount(line => line.Decision.Verdict == DecisionVerdict.Rejected))).ToList();
        foreach (var span in new[] { 60, 3600 })
        {
            var counted = ledger.Throughput(span, 0, null).GroupBy(row => row.Stage).OrderBy(stage => stage.Key);
            Assert.Equal(verdicts, counted.Select(stage => (stage.Key, stage.Sum(row => row.Passed), stage.Sum(row => row.Rejected))));
            Assert.All(counted, stage => Assert.Equal(0, stage.Sum(row => row.Failed)));
        }

        Assert.Equal(CrashChild.Videos, items.Count(item => item.Kind == ItemKind.Video));
        Assert.Equal(3 * items.Count(item => item is { Kind: ItemKind.Video, State.Outcome: Outcome.Done }), items.Count(item => item.Kind == ItemKind.Clip));
        Assert.Equal(JobState.Completed, Assert.Single(await ledger.JobsAsync()).State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["tmp"]));
    }
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Jobs and what their listings found.</summary>
public sealed class ListingTests
{
    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Listing_again_adds_and_counts_nothing_twice(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.JobAsync(videos: 2);
        var job = await bench.JobAsync();
        var videos = Enumerable.Range(0, 5).Select(i => LedgerBench.Video(i)).ToList();
        SourceItem.Skipped[] skipped = [new("list.csv:7", "no location"), new("list.csv:9", "no location")];

        Assert.Equal(3, await bench.Ledger.AddVideosAsync(job.Id, videos, skipped));
        Assert.Equal(0, await bench.Ledger.AddVideosAsync(job.Id, videos, skipped));
        await bench.ReopenAsync();
        Assert.Equal(1, await bench.Ledger.AddVideosAsync(job.Id, [.. videos, LedgerBench.Video(5), LedgerBench.Video(5)], skipped));

        var row = (await bench.Ledger.JobsAsync()).Single(row => row.Id == job.Id);
        Assert.Equal((4, 2, 2), (row.Found, row.Known, row.Skipped));
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_video_of_another_job_stays_that_jobs(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.JobAsync(videos: 1);
        await bench.PassAsync(StageId.Screen, first.Id);
        var second = await bench.JobAsync(videos: 1);

        Assert.Empty(await bench.LeaseAsync(StageId.Screen, second.Id));
        var video = Assert.Single(bench.Ledger.Items(new ItemQuery()));
        Assert.Equal((first.Id, StageId.Fetch), (video.Job, video.State.Stage));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_skipped_row_is_one_for_each_job(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var jobs = new[] { await bench.JobAsync(), await bench.JobAsync() };

        foreach (var job in jobs)
        {
            await bench.Ledger.AddVideosAsync(job.Id, [], [new("list.csv:7", "no location")]);
        }

        Assert.All(await bench.Ledger.JobsAsync(), row => Assert.Equal(1, row.Skipped));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Options_and_listing_are_stored_with_the_job(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var options = new CurationOptions { Order = StageOrderKind.FilterFirst, Aesthetics = new AestheticsOptions { MinScore = 4.25 } };
        var job = await bench.JobAsync();

        await bench.Ledger.SetOptionsAsync(job.Id, options);
        await bench.Ledger.SetListedAsync(job.Id, true);
        await bench.ReopenAsync();

        var row = Assert.Single(await bench.Ledger.JobsAsync());
        Assert.Equal(4.25, row.Options.Aesthetics.MinScore);
        Assert.Equal(StageOrderKind.FilterFirst, row.Options.Order);
        Assert.True(row.Listed);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_jobs_state_follows_its_lifecycle_and_keeps_its_error(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync();

        Assert.Equal((JobState.Failed, JobEffect.None), await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.SourceFailed, "no such folder"));
        Assert.Equal((JobState.Failed, JobEffect.None), await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.PauseRequested));
        Assert.Equal("no such folder", Assert.Single(await bench.Ledger.JobsAsync()).Error);

        Assert.Equal((JobState.Running, JobEffect.Resume), await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.ResumeRequested));
        Assert.Null(Assert.Single(await bench.Ledger.JobsAsync()).Error);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_job_that_does_not_exist_cannot_change(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);

        Assert.Contains("job 7", (await Assert.ThrowsAsync<LedgerException>(() => bench.Ledger.ChangeJobAsync(7, JobEvent.PauseRequested))).Message);
    }
}

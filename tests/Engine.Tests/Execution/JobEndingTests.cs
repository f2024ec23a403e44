using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace MedGenCluster.Engine.Tests.Execution;

public sealed class JobEndingTests
{
    private static readonly JobRow Job = new(7, "a job", new("folder", "/videos"), new(), JobState.Running, Listed: true, 1, 0, 0, null, DateTimeOffset.UnixEpoch);
    private static readonly Tally Done = new(7, ItemKind.Video, Outcome.Done, StageId.Segment, "", 3);

    private readonly ILedger _ledger = Substitute.For<ILedger>();
    private int _finished;

    [Fact]
    public async Task A_job_of_which_nothing_is_open_is_finished_once_and_ends()
    {
        _ledger.Tallies.Returns([Done, new Tally(8, ItemKind.Clip, Outcome.Active, StageId.Cut, "", 1)]);

        Assert.True(await Ending().TryEndAsync(Job, default));

        Assert.Equal(1, _finished);
        await _ledger.Received(1).ChangeJobAsync(7, JobEvent.WorkSettled);
    }

    [Theory]
    [InlineData(Outcome.Active)]
    [InlineData(Outcome.AwaitingClips)]
    public async Task What_is_open_keeps_a_job_from_its_end(Outcome open)
    {
        _ledger.Tallies.Returns([Done, new Tally(7, ItemKind.Video, open, StageId.Segment, "", 1)]);

        Assert.False(await Ending().TryEndAsync(Job, default));

        await NothingWasDoneAsync();
    }

    [Fact]
    public async Task So_does_what_another_process_has_opened_since_the_counts_were_read()
    {
        _ledger.Tallies.Returns([Done]);
        _ledger.RefreshAsync().Returns(Task.CompletedTask).AndDoes(_ => _ledger.Tallies.Returns([Done, new Tally(7, ItemKind.Clip, Outcome.Active, StageId.Cut, "", 1)]));

        Assert.False(await Ending().TryEndAsync(Job, default));

        await NothingWasDoneAsync();
    }

    [Fact]
    public async Task A_finish_that_fails_fails_the_job_and_says_how_it_is_tried_again()
    {
        _ledger.Tallies.Returns([Done]);

        Assert.True(await Ending(new IOException("the disk is away.")).TryEndAsync(Job, default));

        await _ledger.DidNotReceive().ChangeJobAsync(7, JobEvent.WorkSettled, Arg.Any<string?>());
        await _ledger.Received(1).ChangeJobAsync(
            7, JobEvent.FinishFailed, "All work is done, but near-duplicates could not be marked: the disk is away. `medgen jobs resume 7` tries again.");
    }

    [Fact]
    public async Task A_process_that_stops_leaves_the_job_to_the_next()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        _ledger.Tallies.Returns([Done]);

        await Assert.ThrowsAsync<OperationCanceledException>(() => Ending(new OperationCanceledException()).TryEndAsync(Job, stop.Token));

        await _ledger.DidNotReceiveWithAnyArgs().ChangeJobAsync(default, default, default);
    }

    private JobEnding Ending(Exception? surprise = null) => new(_ledger, (_, _) => surprise is null ? Task.FromResult(_finished++) : Task.FromException(surprise), NullLogger.Instance);

    private async Task NothingWasDoneAsync()
    {
        Assert.Equal(0, _finished);
        await _ledger.DidNotReceiveWithAnyArgs().ChangeJobAsync(default, default, default);
    }
}

using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Curation.Tests.Lifecycle;

public sealed class TrainingLifecycleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetryPolicy Twice = RetryPolicy.Default with { MaxAttempts = 2 };
    private static readonly TrainingCheckpoint Tenth = new(10, new string('b', 64));

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    private static TrainingTransition On(TrainingLife life, TrainingEvent happened, double minutes = 0) => TrainingLifecycle.Apply(life, happened, Twice, At(minutes));

    private static TrainingLife Running() => On(TrainingLife.Start(), new TrainingEvent.Claimed("a", At(2))).Life;

    private static TrainingLife In(TrainingPhase phase) => TrainingLife.Start() with
    {
        Phase = phase, Operation = phase is TrainingPhase.Running or TrainingPhase.Stopping ? "a" : null, Until = At(2), Checkpoint = Tenth,
    };

    /// <summary>Rows: phases. Columns: claimed, progressed, checkpoint of step 20, finished, crashed for good, stopped, looked, cancel, resume; all by the worker that has the run, where one does.
    /// A dot is not taken.</summary>
    [Theory]
    [InlineData(TrainingPhase.Waiting, "R . . . . . . X .")]
    [InlineData(TrainingPhase.Running, "R R R C F W . S .")]
    [InlineData(TrainingPhase.Stopping, ". S S C X X . . .")]
    [InlineData(TrainingPhase.Completed, ". . . . . . . . .")]
    [InlineData(TrainingPhase.Cancelled, ". . . . . . . . W")]
    [InlineData(TrainingPhase.Failed, ". . . . . . . . W")]
    public void Follows_its_table(TrainingPhase phase, string row)
    {
        TrainingEvent[] events =
        [
            new TrainingEvent.Claimed("a", At(2)), new TrainingEvent.Progressed("a", At(2)), new TrainingEvent.Checkpointed("a", Tenth with { Step = 20 }, At(2)), new TrainingEvent.Finished("a"),
            new TrainingEvent.Crashed("a", "loss is not a number", false), new TrainingEvent.Stopped("a"), new TrainingEvent.Looked(), new TrainingEvent.CancelRequested(), new TrainingEvent.ResumeRequested(),
        ];
        foreach (var (happened, cell) in events.Zip(row.Split(' ')))
        {
            var (life, taken, _) = On(In(phase), happened);
            var expected = cell switch
            {
                "." => phase,
                "W" => TrainingPhase.Waiting,
                "R" => TrainingPhase.Running,
                "S" => TrainingPhase.Stopping,
                "C" => TrainingPhase.Completed,
                "X" => TrainingPhase.Cancelled,
                _ => TrainingPhase.Failed,
            };
            Assert.Equal((happened, expected, cell != "."), (happened, life.Phase, taken));
            Assert.Equal(life.Phase is TrainingPhase.Running or TrainingPhase.Stopping, life.Operation is not null);
        }
    }

    [Fact]
    public void Another_worker_changes_nothing()
    {
        TrainingEvent[] events =
        [
            new TrainingEvent.Claimed("b", At(9)), new TrainingEvent.Progressed("b", At(9)), new TrainingEvent.Checkpointed("b", Tenth, At(9)), new TrainingEvent.Finished("b"),
            new TrainingEvent.Crashed("b", "", true), new TrainingEvent.Stopped("b"),
        ];
        Assert.All(events, happened => Assert.Equal(new TrainingTransition(Running(), false, false), On(Running(), happened)));
    }

    [Fact]
    public void Progress_is_not_worth_a_write_and_a_checkpoint_is()
    {
        Assert.False(On(Running(), new TrainingEvent.Progressed("a", At(4))).Remember);
        Assert.True(On(Running(), new TrainingEvent.Checkpointed("a", Tenth, At(4))).Remember);
    }

    [Fact]
    public void A_lost_worker_is_followed_from_the_last_checkpoint_after_a_pause()
    {
        var life = On(Running(), new TrainingEvent.Checkpointed("a", Tenth, At(2))).Life;
        var lost = On(life, new TrainingEvent.Finished("a"), minutes: 2);

        Assert.Equal((false, true), (lost.Taken, lost.Remember));
        Assert.Equal((TrainingPhase.Waiting, 1, Tenth, "Its worker was lost."), (lost.Life.Phase, lost.Life.Attempts, lost.Life.Checkpoint, lost.Life.Reason));
        Assert.False(On(lost.Life, new TrainingEvent.Claimed("b", At(9)), minutes: 2).Taken);
        Assert.True(On(lost.Life, new TrainingEvent.Claimed("b", At(9)), minutes: 3).Taken);
    }

    [Fact]
    public void Attempts_that_reach_no_checkpoint_are_bounded_and_one_that_does_starts_the_count_anew()
    {
        var once = On(Running(), new TrainingEvent.Crashed("a", "out of memory", true)).Life;
        var again = On(once, new TrainingEvent.Claimed("b", At(3)), minutes: 1).Life;

        var failed = On(again, new TrainingEvent.Crashed("b", "out of memory", true), minutes: 1).Life;
        Assert.Equal((TrainingPhase.Failed, 2, "out of memory"), (failed.Phase, failed.Attempts, failed.Reason));

        var further = On(again, new TrainingEvent.Checkpointed("b", Tenth, At(3)), minutes: 1).Life;
        var waiting = On(further, new TrainingEvent.Crashed("b", "out of memory", true), minutes: 1).Life;
        Assert.Equal((TrainingPhase.Waiting, 1, Tenth), (waiting.Phase, waiting.Attempts, waiting.Checkpoint));
    }

    [Fact]
    public void An_older_checkpoint_does_not_take_the_place_of_a_newer_one()
    {
        var life = On(Running(), new TrainingEvent.Checkpointed("a", Tenth, At(2))).Life;

        var late = On(life, new TrainingEvent.Checkpointed("a", new TrainingCheckpoint(5, new string('c', 64)), At(2)));

        Assert.Equal((true, false, Tenth), (late.Taken, late.Remember, late.Life.Checkpoint));
    }

    [Fact]
    public void A_run_that_failed_is_taken_up_from_its_checkpoint_with_all_its_attempts()
    {
        var resumed = On(In(TrainingPhase.Failed) with { Attempts = 2, Reason = "why", NotBefore = At(60) }, new TrainingEvent.ResumeRequested()).Life;

        Assert.Equal((0, Tenth, null), (resumed.Attempts, resumed.Checkpoint, resumed.Reason));
        Assert.True(On(resumed, new TrainingEvent.Claimed("b", At(2))).Taken);
    }

    [Fact]
    public void A_worker_lost_while_it_stops_has_stopped() =>
        Assert.Equal(TrainingPhase.Cancelled, On(In(TrainingPhase.Stopping), new TrainingEvent.Looked(), minutes: 2).Life.Phase);
}

using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Curation.Tests.Lifecycle;

public sealed class GenerationLifecycleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetryPolicy Twice = RetryPolicy.Default with { MaxAttempts = 2 };
    private static readonly GenerationSpecification Good = new(new string('a', 64), 3, "demo", 4, 100, 5);

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    private static GenerationTransition On(GenerationSlice slice, GenerationEvent happened, double minutes = 0) => GenerationLifecycle.Apply(slice, happened, Twice, At(minutes));

    private static GenerationSlice Leased(int size = 3) => On(GenerationSlice.Fresh(size), new GenerationEvent.Claimed("a", At(2))).Slice;

    [Fact]
    public void Every_prompt_meets_every_seed_once()
    {
        var items = Enumerable.Range(0, Good.Slices).SelectMany(slice => Enumerable.Range(0, Good.SizeOf(slice)).Select(item => Good.Item(slice, item))).ToList();

        Assert.Equal(from prompt in Enumerable.Range(0, 3) from seed in Enumerable.Range(100, 4) select (prompt, (long)seed), items);
        Assert.Equal(2, Good.SizeOf(2));
    }

    [Fact]
    public void A_specification_says_all_that_is_wrong_with_it()
    {
        Assert.Empty(Good.Validate());
        var errors = (Good with { PromptsSha256 = "x", Prompts = 0, Model = " ", PerPrompt = 0, SliceSize = 65 }).Validate();
        Assert.Equal(["PromptsSha256", "Model", "Prompts", "PerPrompt", "SliceSize"], errors.Select(error => error.Split(' ')[0]));
        Assert.Contains("4096 slices", Assert.Single((Good with { Prompts = 1_000_000, SliceSize = 64 }).Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_has_one_worker_and_says_the_same_to_it_twice()
    {
        var slice = Leased();

        Assert.Equal(0b111UL, slice.Lease!.Items);
        Assert.Equal(new GenerationTransition(slice, true, false), On(slice, new GenerationEvent.Claimed("a", At(9))));
        Assert.Equal(new GenerationTransition(slice, false, false), On(slice, new GenerationEvent.Claimed("b", At(9))));
    }

    [Fact]
    public void An_item_counts_once_and_the_lease_ends_with_the_last()
    {
        var slice = Leased(2);
        slice = On(slice, new GenerationEvent.ItemDone("a", 1, At(3))).Slice;

        var again = On(slice, new GenerationEvent.ItemDone("a", 1, At(4)));
        Assert.Equal((slice, true, false), (again.Slice, again.Taken, again.Remember));
        Assert.Equal(At(3), slice.Lease!.Until);

        slice = On(slice, new GenerationEvent.ItemDone("a", 0, At(4))).Slice;
        Assert.True(slice.IsSettled);
        Assert.Null(slice.Lease);
        Assert.Equal((2, 0), (slice.DoneCount, slice.DeadCount));
        Assert.False(On(slice, new GenerationEvent.Claimed("b", At(9))).Taken);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(65)]
    public void An_item_that_the_slice_does_not_have_changes_nothing(int item)
    {
        var slice = Leased();

        Assert.Equal(new GenerationTransition(slice, false, false), On(slice, new GenerationEvent.ItemDone("a", item, At(3))));
        Assert.Equal(new GenerationTransition(slice, false, false), On(slice, new GenerationEvent.ItemFailed("a", item, "no", true, At(3))));
    }

    [Fact]
    public void A_result_whose_lease_ran_out_is_dropped_though_nobody_else_has_the_slice()
    {
        var late = On(Leased(), new GenerationEvent.ItemDone("a", 0, At(4)), minutes: 2);

        Assert.Equal((false, true), (late.Taken, late.Remember));
        Assert.Equal(0UL, late.Slice.Done);
        Assert.Null(late.Slice.Lease);
    }

    [Fact]
    public void A_renewal_moves_the_end_and_is_not_worth_a_write()
    {
        var renewed = On(Leased(), new GenerationEvent.Renewed("a", At(4)), minutes: 1);

        Assert.Equal((true, false), (renewed.Taken, renewed.Remember));
        Assert.True(On(renewed.Slice, new GenerationEvent.ItemDone("a", 0, At(6)), minutes: 3).Taken);
        Assert.False(On(renewed.Slice, new GenerationEvent.Renewed("b", At(9)), minutes: 1).Taken);
    }

    [Fact]
    public void A_worker_lost_with_several_items_blames_none_and_they_go_out_singly()
    {
        var slice = On(Leased(), new GenerationEvent.Looked(), minutes: 2).Slice;

        Assert.Empty(slice.Attempts);
        Assert.Equal(0b001UL, On(slice, new GenerationEvent.Claimed("b", At(5)), minutes: 2).Slice.Lease!.Items);
    }

    [Fact]
    public void An_item_that_takes_its_worker_down_dies_alone_after_bounded_attempts()
    {
        var slice = On(Leased(), new GenerationEvent.Looked(), minutes: 2).Slice;
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var now = attempt * 10;
            slice = On(slice, new GenerationEvent.Claimed($"worker {attempt}", At(now + 2)), now).Slice;
            slice = On(slice, new GenerationEvent.Looked(), now + 2).Slice;
        }

        Assert.Equal((0b001UL, 0b110UL, 2), (slice.Dead, slice.Open, slice.Attempts[0]));
        Assert.Contains("lost", slice.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(0b010UL, On(slice, new GenerationEvent.Claimed("c", At(50)), 40).Slice.Lease!.Items);
    }

    [Fact]
    public void A_failure_is_tried_again_later_and_one_that_cannot_go_better_is_not()
    {
        var failed = On(Leased(1), new GenerationEvent.ItemFailed("a", 0, "out of memory", true, At(2))).Slice;

        Assert.Null(failed.Lease);
        Assert.InRange(failed.NotBefore - Start, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.False(On(failed, new GenerationEvent.Claimed("b", At(2))).Taken);
        Assert.True(On(failed, new GenerationEvent.Claimed("b", At(2)), minutes: 1).Taken);
        Assert.Equal(1UL, On(Leased(1), new GenerationEvent.ItemFailed("a", 0, "no such prompt", false, At(2))).Slice.Dead);
    }

    [Fact]
    public void What_is_given_back_or_revoked_is_held_against_nobody()
    {
        foreach (var happened in (GenerationEvent[])[new GenerationEvent.GivenBack("a"), new GenerationEvent.Revoked()])
        {
            var slice = On(Leased(), happened).Slice;
            Assert.Equal((null, false, 0), (slice.Lease, slice.OneByOne, slice.Attempts.Count));
        }

        Assert.False(On(Leased(), new GenerationEvent.GivenBack("b")).Taken);
    }

    [Fact]
    public void A_lease_that_ran_out_while_nobody_could_hear_is_given_its_time_again()
    {
        var slice = On(Leased(), new GenerationEvent.Recovered(At(12)), minutes: 10).Slice;

        Assert.True(On(slice, new GenerationEvent.ItemDone("a", 0, At(13)), minutes: 11).Taken);
    }

    [Fact]
    public void The_whole_is_over_with_its_last_slice_and_goes_on_when_the_dead_are_tried_again()
    {
        var dead = On(Leased(1), new GenerationEvent.ItemFailed("a", 0, "no such prompt", false, At(2))).Slice;
        var retried = On(dead, new GenerationEvent.RetryRequested()).Slice;

        Assert.Equal(GenerationState.Completed, GenerationLifecycle.Settle(GenerationState.Running, [dead]));
        Assert.Equal(GenerationState.Running, GenerationLifecycle.Settle(GenerationState.Running, [dead, GenerationSlice.Fresh(1)]));
        Assert.Equal(GenerationState.Cancelled, GenerationLifecycle.Settle(GenerationState.Cancelled, [dead]));
        Assert.Equal(GenerationState.Running, GenerationLifecycle.Retry(GenerationState.Completed, [retried]));
        Assert.Equal(GenerationState.Completed, GenerationLifecycle.Retry(GenerationState.Completed, [dead]));
        Assert.Equal(GenerationState.Completed, GenerationLifecycle.Cancel(GenerationState.Completed));
        Assert.Equal((1UL, 0), (retried.Open, retried.Attempts.Count));
    }
}

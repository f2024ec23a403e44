using FsCheck.Fluent;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>Exponential backoff with a jitter that a replay repeats.</summary>
public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(10, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    [Fact]
    public void The_delay_is_half_to_all_of_the_capped_exponential() => LifeGenerators.Holds(
        Gen.Choose(1, 5000).SelectMany(attempts => Gen.Choose(0, int.MaxValue).Select(id => (attempts, id: "c" + id))),
        draw =>
        {
            var exponential = Math.Min(2 * Math.Pow(2, draw.attempts - 1), 300);
            return Policy.DelayAfter(draw.attempts, draw.id).TotalSeconds is var delay && delay >= (exponential * 0.5) - 1e-6 && delay <= exponential + 1e-6;
        });

    [Fact]
    public void The_same_entity_waits_as_long_again() => Assert.Equal(Policy.DelayAfter(2, "v1"), Policy.DelayAfter(2, "v1"));

    [Fact]
    public void Entities_that_failed_together_do_not_return_together()
    {
        var delays = Enumerable.Range(0, 1000).Select(i => Policy.DelayAfter(1, "v" + i).TotalMilliseconds).ToList();

        Assert.True(delays.Distinct().Count() > 990);
        Assert.InRange(delays.Average(), 1450, 1550);
    }

    [Fact]
    public void The_first_failure_is_attempt_one() => Assert.Throws<ArgumentOutOfRangeException>(() => Policy.DelayAfter(0, "v1"));
}

using FsCheck.Fluent;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Tests.Lifecycle;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Curation.Tests.Network;

/// <summary>A host is never asked faster than its budget allows, and hardly slower.</summary>
public sealed class HostBudgetTests
{
    private const string Host = "videos.example.org";

    private static readonly HostBudgetOptions Steady = new() { InitialRate = 10, MaxRate = 10, MinRate = 1, Burst = 2, Increase = 0 };

    private readonly FakeTime _time = new();

    [Fact]
    public void No_stretch_of_time_sees_more_than_the_burst_and_the_rate() => LifeGenerators.Holds(
        Gen.Choose(1, 400).SelectMany(rate => Gen.Choose(1, 20).SelectMany(burst => Steps.Select(steps => (rate: rate / 2.0, burst, steps)))),
        draw =>
        {
            var time = new FakeTime();
            using var budget = new HostBudget(Steady with { InitialRate = draw.rate, MaxRate = draw.rate, MinRate = 0.1, Burst = draw.burst }, time);
            var waiting = Enumerable.Range(0, 2000).Select(_ => budget.AcquireAsync(Host, default).AsTask()).ToList();
            var seen = new List<(double At, int Granted)> { (0, 0), (0, waiting.Count(task => task.IsCompleted)) };
            foreach (var step in draw.steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step));
                seen.Add((time.Elapsed.TotalSeconds, waiting.Count(task => task.IsCompleted)));
            }

            return seen.All(from => seen.Where(to => to.At >= from.At).All(to => to.Granted - from.Granted <= draw.burst + (draw.rate * (to.At - from.At)) + 1e-6));
        },
        tests: 40);

    [Fact]
    public void Where_more_is_wanted_than_allowed_all_but_a_twentieth_of_the_allowed_is_used() => LifeGenerators.Holds(
        Gen.Choose(1, 400).SelectMany(rate => Gen.Choose(2, 20).SelectMany(burst => Steps.Select(steps => (rate: rate / 2.0, burst, steps)))),
        draw =>
        {
            var time = new FakeTime();
            using var budget = new HostBudget(Steady with { InitialRate = draw.rate, MaxRate = draw.rate, MinRate = 0.1, Burst = draw.burst }, time);
            var waiting = Enumerable.Range(0, 6_000).Select(_ => budget.AcquireAsync(Host, default).AsTask()).ToList();
            foreach (var step in draw.steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step));
            }

            return waiting.Count(task => task.IsCompleted) >= (0.95 * draw.rate * time.Elapsed.TotalSeconds) - 1;
        },
        tests: 40);

    [Fact]
    public void Whatever_a_host_answers_its_budget_is_kept_and_used() => LifeGenerators.Holds(
        Gen.Choose(0, 99).ArrayOf(400).SelectMany(answers => Gen.Choose(2, 8).Select(burst => (answers, burst))),
        draw =>
        {
            var time = new FakeTime();
            var options = new HostBudgetOptions { InitialRate = 5, MaxRate = 50, MinRate = 1, Burst = draw.burst, Increase = 5, DecreaseFactor = 0.7 };
            using var budget = new HostBudget(options, time);
            int granted = 0, throttles = 0;
            foreach (var answer in draw.answers)
            {
                var next = budget.AcquireAsync(Host, default).AsTask();
                while (!next.IsCompleted)
                {
                    time.Advance(TimeSpan.FromMilliseconds(1));
                }

                granted++;
                if (granted > draw.burst + budget.AllowedSoFar(Host) + 1e-6)
                {
                    return false;
                }

                throttles += answer < 2 ? 1 : 0;
                budget.Report(Host, answer < 2 ? HostAnswer.Throttled : HostAnswer.Served, answer == 0 ? TimeSpan.FromSeconds(2) : null);
            }

            // A throttled host loses what had gathered for a burst.
            return granted >= (0.95 * budget.AllowedSoFar(Host)) - (throttles * draw.burst);
        },
        tests: 15);

    [Fact]
    public async Task Waiting_is_first_come_first_served()
    {
        using var budget = new HostBudget(Steady with { Burst = 1 }, _time);
        await budget.AcquireAsync(Host, default);
        var waiting = Enumerable.Range(0, 5).Select(_ => budget.AcquireAsync(Host, default).AsTask()).ToList();

        for (var i = 1; i <= 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(101));
            Assert.Equal(Enumerable.Range(0, 5).Select(place => place < i), waiting.Select(task => task.IsCompleted));
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_costs_nothing()
    {
        using var budget = new HostBudget(Steady with { Burst = 1 }, _time);
        await budget.AcquireAsync(Host, default);
        using var tired = new CancellationTokenSource();
        var first = budget.AcquireAsync(Host, tired.Token).AsTask();
        var second = budget.AcquireAsync(Host, default).AsTask();
        await tired.CancelAsync();
        _time.Advance(TimeSpan.FromMilliseconds(101));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_rest_that_a_host_asks_for_is_kept_and_ends_without_a_burst()
    {
        using var budget = new HostBudget(Steady with { Burst = 10 }, _time);
        budget.Report(Host, HostAnswer.Throttled, TimeSpan.FromSeconds(7));
        var waiting = Enumerable.Range(0, 10).Select(_ => budget.AcquireAsync(Host, default).AsTask()).ToList();

        Assert.Equal(TimeSpan.FromSeconds(7), budget.RestOf(Host));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(5));
        Assert.Equal(5, waiting.Count(task => task.IsCompleted));
        Assert.Equal(TimeSpan.Zero, budget.RestOf(Host));
    }

    [Fact]
    public void The_rate_grows_by_a_constant_for_each_second_of_service_up_to_the_maximum()
    {
        using var budget = new HostBudget(new HostBudgetOptions { InitialRate = 2, MaxRate = 4, Increase = 0.5 }, _time);
        budget.Report(Host, HostAnswer.Served);
        Serve(seconds: 2);
        Assert.Equal(3, budget.RateOf(Host), 6);
        Serve(seconds: 10);
        Assert.Equal(4, budget.RateOf(Host), 6);

        void Serve(int seconds)
        {
            for (var i = 0; i < seconds * 10; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                budget.Report(Host, HostAnswer.Served);
            }
        }
    }

    [Fact]
    public void A_throttled_rate_is_multiplied_down_once_for_answers_that_come_together()
    {
        using var budget = new HostBudget(new HostBudgetOptions { InitialRate = 8, MaxRate = 10, MinRate = 1, DecreaseFactor = 0.5, Increase = 0 }, _time);
        var rates = new List<double>();
        for (var second = 0; second < 4; second++)
        {
            budget.Report(Host, HostAnswer.Throttled);
            budget.Report(Host, HostAnswer.Throttled);
            rates.Add(budget.RateOf(Host));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([4, 2, 1, 1], rates);
    }

    [Fact]
    public async Task Hosts_have_budgets_of_their_own_up_to_a_number_and_share_one_beyond()
    {
        using var budget = new HostBudget(Steady with { Burst = 1, MaxHosts = 2, ForgetAfter = TimeSpan.FromMinutes(1) }, _time);
        foreach (var host in new[] { "a", "b", "c" })
        {
            await budget.AcquireAsync(host, default).AsTask().Soon();
        }

        Assert.Equal(2, budget.Hosts);
        Assert.False(budget.AcquireAsync("d", default).IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(budget.AcquireAsync("e", default).IsCompletedSuccessfully);
        Assert.Equal(2, budget.Hosts);
    }

    [Fact]
    public void Options_that_cannot_be_used_are_named_all_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => new HostBudget(new HostBudgetOptions { InitialRate = 20, Burst = 0, DecreaseFactor = 1 }, _time));

        Assert.Contains("network.initialRate", error.Message, StringComparison.Ordinal);
        Assert.Contains("network.burst", error.Message, StringComparison.Ordinal);
        Assert.Contains("network.decreaseFactor", error.Message, StringComparison.Ordinal);
    }

    private static FsCheck.Gen<int[]> Steps => Gen.Choose(0, 700).ArrayOf(40);
}

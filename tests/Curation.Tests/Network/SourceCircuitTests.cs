using MedGenCluster.Curation.Network;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Curation.Tests.Network;

/// <summary>A source that refuses stands still as a whole and costs no item anything; an item that alone is refused pays for itself.</summary>
public sealed class SourceCircuitTests
{
    private const string Source = "youtube";

    private readonly FakeTime _time = new();
    private readonly SourceCircuit _circuit;

    public SourceCircuitTests() => _circuit = new SourceCircuit(new SourceCircuitOptions(), _time);

    [Theory]
    [InlineData(FailureKind.EgressBlock)]
    [InlineData(FailureKind.ClientBroken)]
    public void The_first_refusal_shuts_the_source_for_everybody(FailureKind failure)
    {
        Assert.Null(_circuit.Enter(Source, "a"));
        Assert.NotNull(_circuit.Report(Source, "a", failure));

        Assert.Equal(TimeSpan.FromSeconds(1), _circuit.Enter(Source, "b"));
        Assert.Null(_circuit.Enter("elsewhere", "b"));
        Assert.Equal([Source], _circuit.OpenSources);
    }

    [Theory]
    [InlineData(FailureKind.Network)]
    [InlineData(FailureKind.VideoSpecific)]
    public void Failures_of_an_item_are_its_own(FailureKind failure)
    {
        Assert.Null(_circuit.Report(Source, "a", failure));
        Assert.Null(_circuit.Enter(Source, "b"));
    }

    [Fact]
    public void One_item_at_a_time_tries_and_its_success_lets_everybody_in()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_circuit.Enter(Source, "b"));
        Assert.Null(_circuit.Enter(Source, "b"));
        Assert.NotNull(_circuit.Enter(Source, "c"));
        Assert.Null(_circuit.Report(Source, "b", null));
        Assert.Null(_circuit.Enter(Source, "c"));
        Assert.Empty(_circuit.OpenSources);
    }

    [Fact]
    public void Rests_between_tries_double_up_to_a_limit()
    {
        Open();
        var rests = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var rest = _circuit.Enter(Source, "x" + i)!.Value;
            rests.Add(rest.TotalSeconds);
            _time.Advance(rest);
            Assert.Null(_circuit.Enter(Source, "probe" + i));
            _circuit.Report(Source, "probe" + i, FailureKind.EgressBlock);
        }

        Assert.Equal([1, 2, 3, 3, 3], rests);
    }

    [Fact]
    public void An_item_that_was_refused_lets_others_try_first()
    {
        Open("a");
        _circuit.Enter(Source, "b");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(_circuit.Enter(Source, "a"));
        Assert.Null(_circuit.Enter(Source, "b"));
    }

    [Fact]
    public void An_item_that_was_refused_does_not_wait_for_others_that_do_not_come()
    {
        Open("a");
        _circuit.Enter(Source, "b");
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(_circuit.Enter(Source, "a")!.Value);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_circuit.Enter(Source, "a"));
    }

    [Fact]
    public void A_try_that_says_nothing_is_given_up()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_circuit.Enter(Source, "b"));
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(_circuit.Enter(Source, "c"));
    }

    [Fact]
    public void A_try_that_the_network_spoils_costs_nothing_and_decides_nothing()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        _circuit.Enter(Source, "b");

        Assert.Equal(TimeSpan.FromSeconds(2), _circuit.Report(Source, "b", FailureKind.Network));
        Assert.NotNull(_circuit.Enter(Source, "c"));
    }

    [Fact]
    public void A_video_that_is_private_shows_that_the_source_answers()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        _circuit.Enter(Source, "b");

        Assert.Null(_circuit.Report(Source, "b", FailureKind.VideoSpecific));
        Assert.Null(_circuit.Enter(Source, "c"));
    }

    [Fact]
    public void What_began_before_the_refusals_does_not_open_the_source_again()
    {
        _circuit.Enter(Source, "long");
        Open();
        _circuit.Report(Source, "long", null);

        Assert.NotNull(_circuit.Enter(Source, "b"));
    }

    [Fact]
    public void An_item_refused_time_after_time_while_others_are_served_pays_for_itself_and_shuts_the_source_once()
    {
        Assert.NotNull(Open("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var waits = new List<TimeSpan?>();
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(_circuit.Enter(Source, "good"));
            _circuit.Report(Source, "good", null);
            waits.Add(_circuit.Report(Source, "a", FailureKind.EgressBlock));
            Assert.Empty(_circuit.OpenSources);
        }

        Assert.Equal([TimeSpan.FromSeconds(3), null, null, null], waits);
    }

    [Fact]
    public void The_last_items_of_a_crawl_come_to_an_end_when_refused_for_half_an_hour()
    {
        TimeSpan? wait = TimeSpan.Zero;
        while (wait is { } stay)
        {
            _time.Advance(stay);
            Assert.Null(_circuit.Enter(Source, "last"));
            wait = _circuit.Report(Source, "last", FailureKind.EgressBlock);
            Assert.True(wait is null || wait < TimeSpan.FromSeconds(10));
            Assert.True(_time.Elapsed < TimeSpan.FromMinutes(31));
        }

        Assert.True(_time.Elapsed >= TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void Options_that_cannot_be_used_are_named() => Assert.Contains(
        "circuit.maxRest",
        Assert.Throws<ArgumentException>(() => new SourceCircuit(new SourceCircuitOptions { MaxRest = TimeSpan.FromSeconds(6) }, _time)).Message,
        StringComparison.Ordinal);

    private TimeSpan? Open(string item = "first") => _circuit.Report(Source, item, FailureKind.EgressBlock);
}

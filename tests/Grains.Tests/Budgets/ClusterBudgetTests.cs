using MedGenCluster.Curation.Network;
using MedGenCluster.Grains.Budgets;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Budgets;

public sealed class ClusterBudgetTests : IDisposable
{
    private const string Host = "host.example";

    private readonly ManualTime _time = new();
    private readonly Queue<Func<BudgetAnswer>> _answers = [];
    private readonly List<(bool Throttled, TimeSpan? RetryAfter)> _reports = [];
    private readonly ClusterBudget _budget;

    public ClusterBudgetTests() => _budget = new ClusterBudget(new HostBudgetOptions(), _time);

    [Fact]
    public async Task The_cluster_s_budget_says_when_a_request_may_go_and_is_asked_again_after_its_wait()
    {
        Join();
        _answers.Enqueue(() => new BudgetAnswer(TimeSpan.FromMilliseconds(1), TimeSpan.Zero));
        _answers.Enqueue(() => new BudgetAnswer(TimeSpan.Zero, TimeSpan.Zero));

        await _budget.AcquireAsync(Host, default);

        Assert.Empty(_answers);
    }

    [Fact]
    public async Task Before_it_joins_and_where_the_cluster_cannot_be_reached_a_process_keeps_to_its_own_budget()
    {
        await _budget.AcquireAsync(Host, default);
        Join();
        _answers.Enqueue(() => throw new TimeoutException());

        await _budget.AcquireAsync(Host, default);

        Assert.Empty(_answers);
        _budget.Join(null);
        _budget.Report(Host, HostAnswer.Throttled, TimeSpan.FromMinutes(1));
        Assert.Empty(_reports);
        Assert.Equal(TimeSpan.FromMinutes(1), _budget.RestOf(Host));
    }

    [Fact]
    public async Task A_host_rests_as_the_last_answer_about_it_said()
    {
        Join();
        _budget.Report(Host, HostAnswer.Throttled, TimeSpan.FromMinutes(1));
        Assert.Equal((true, TimeSpan.FromMinutes(1)), Assert.Single(_reports));
        Assert.Equal(TimeSpan.FromMinutes(1), _budget.RestOf(Host));

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(40), _budget.RestOf(Host));

        _answers.Enqueue(() => new BudgetAnswer(TimeSpan.Zero, TimeSpan.Zero));
        await _budget.AcquireAsync(Host, default);
        Assert.Equal(TimeSpan.Zero, _budget.RestOf(Host));
    }

    public void Dispose() => _budget.Dispose();

    private void Join()
    {
        var grain = Answering.As<ISourceBudgetGrain>((method, arguments) =>
        {
            if (method == nameof(ISourceBudgetGrain.AcquireAsync))
            {
                return new ValueTask<BudgetAnswer>(_answers.Dequeue()());
            }

            _reports.Add(((bool)arguments[0]!, (TimeSpan?)arguments[1]));
            return Task.CompletedTask;
        });
        _budget.Join(Answering.As<IGrainFactory>((_, _) => grain));
    }
}

using System.Collections.Concurrent;
using MedGenCluster.Curation.Network;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Running;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Grains.Tests.Running;

public sealed class ShardDesksTests : IAsyncDisposable
{
    private const string Shard = "1/0";

    private readonly ConcurrentQueue<(long Item, long Number)> _told = [];
    private readonly ConcurrentQueue<long> _released = [];
    private readonly ConcurrentQueue<long> _renewed = [];
    private readonly Dictionary<long, long> _worksOn = [];
    private readonly HostBudget _budget = new(new HostBudgetOptions(), TimeProvider.System);
    private readonly SiloWork _work;
    private readonly ShardDesks _desks;

    public ShardDesksTests()
    {
        var plan = new SimulationPlan();
        var ledger = Answering.As<ILedger>((method, arguments) =>
        {
            var items = method switch { nameof(ILedger.ReleaseAsync) => _released, nameof(ILedger.RenewAsync) => _renewed, _ => throw new NotSupportedException(method) };
            Assert.Equal("here", arguments[1]);
            foreach (var item in (IReadOnlyList<long>)arguments[0]!)
            {
                items.Enqueue(item);
            }

            return Task.CompletedTask;
        });
        _work = new SiloWork(
            new ClusterParts(
                ledger, SimulatedStages.Catalog(plan, "here", TimeProvider.System), null!, _ => new SimulatedSource(plan), (_, _) => Task.CompletedTask, () => null, _budget, _ => 0,
                new EngineOptions { Lease = TimeSpan.FromMilliseconds(30) }, new ClusterSettings(), TimeProvider.System, NullLoggerFactory.Instance),
            "here", null!);
        _desks = new ShardDesks(_work, Answering.As<IGrainFactory>((_, arguments) => arguments[0] is string ? ShardGrain() : Clip((long)arguments[0]!)), NullLogger<ShardDesks>.Instance);
    }

    [Fact]
    public void An_item_s_end_is_told_to_the_desk_of_its_shard_here_and_to_no_other()
    {
        _desks.Of(Shard).Begin(5, 1, ItemKind.Clip);

        _desks.End(Ticket(5, number: 1, owner: "here"));

        Assert.Equal(0, _desks.Of(Shard).Count);
        Assert.Empty(_told);
    }

    [Fact]
    public void The_end_of_an_item_that_another_silo_leased_is_told_to_its_shard()
    {
        _desks.End(Ticket(5, number: 1, owner: "elsewhere"));
        Assert.Equal((5L, 1L), Assert.Single(_told));

        // An older operation of this silo is over, and its end says nothing of the one that runs.
        _desks.Of(Shard).Begin(5, 2, ItemKind.Clip);
        _desks.End(Ticket(5, number: 1, owner: "here"));
        Assert.Single(_told);
        Assert.Equal(1, _desks.Of(Shard).Count);
    }

    [Fact]
    public async Task The_lease_of_what_a_grain_works_on_is_kept_and_what_none_works_on_is_given_back()
    {
        using var stop = new CancellationTokenSource();
        _worksOn[5] = 1;
        var desk = _desks.Of(Shard);
        desk.Begin(5, 1, ItemKind.Clip);
        desk.Begin(6, 2, ItemKind.Clip);

        var keeping = _desks.KeepAsync(stop.Token);
        await Eventually.TrueAsync(() => desk.Count == 1 && _renewed.Count(item => item == 5) > 3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);

        Assert.Equal(6, Assert.Single(_released));
        Assert.Equal((5L, 1L, ItemKind.Clip), Assert.Single(desk.All()));
    }

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        _budget.Dispose();
    }

    private static ItemTicket Ticket(long item, long number, string owner) => new(owner, number, item, 1, Shard, "");

    private IShardGrain ShardGrain() => Answering.As<IShardGrain>((_, arguments) =>
    {
        _told.Enqueue(((long)arguments[0]!, (long)arguments[1]!));
        return Task.CompletedTask;
    });

    private IClipGrain Clip(long item) => Answering.As<IClipGrain>((_, _) => new ValueTask<ItemStatus>(new ItemStatus(_worksOn.GetValueOrDefault(item), "")));
}

using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MedGenCluster.Grains.Tests.Jobs;

/// <summary>What moves when silos join and drain.</summary>
[Collection(RollCollection.Name)]
public sealed class MovingTests(FaultServer server)
{
    private const int Shards = 16;

    /// <summary>What a silo has begun to segment takes so long that it still drains when its job has gone elsewhere, on a busy machine too.</summary>
    private const double SegmentSeconds = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task Shards_move_to_a_silo_that_joins_wherever_they_were_put_meanwhile()
    {
        await using var cluster = await SimulatedCluster.CreateAsync(server.Postgres, new SimulationPlan { Videos = 1 });
        await using var first = new Member(cluster, "first");
        await first.JoinedAsync();
        Assert.All(await first.OrderAsync(job: 998), silo => Assert.Equal("first", silo));
        await using var second = new Member(cluster, "second");
        await second.JoinedAsync();

        // As when placement does not know yet that the new silo can carry them: the caller's directory remembers that they were here, and nobody else calls.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, first.Address);
        Assert.All(await first.OrderAsync(job: 999), silo => Assert.Equal("first", silo));
        RequestContext.Clear();

        foreach (var job in (long[])[998, 999])
        {
            var places = Enumerable.Range(0, Shards).Select(shard => ShardPlacement.Choose($"{job}/{shard}", [first.Address, second.Address]).Equals(first.Address) ? "first" : "second").ToArray();
            await Eventually.TrueAsync(async () => Enumerable.SequenceEqual(places, await first.OrderAsync(job)), Limit, async () => string.Join(", ", await first.OrderAsync(job)));
            Assert.Equal(places, await first.OrderAsync(job));
            Assert.Equal(places, await second.OrderAsync(job));
        }
    }

    [PostgresFact]
    public async Task A_job_goes_on_while_the_silo_that_carried_it_drains()
    {
        await using var cluster = await SimulatedCluster.CreateAsync(
            server.Postgres, new SimulationPlan { Videos = 400, Seconds = new Dictionary<string, double> { ["segment"] = SegmentSeconds } });
        Member[] members = [new(cluster, "one"), new(cluster, "two")];
        await cluster.UntilAsync(() => cluster.Begun("one") > 10 && cluster.Begun("two") > 10, Limit);
        var job = (await cluster.JobAsync()).Id;
        var carrier = await members[0].CarrierAsync(job);
        var (drained, other) = members[0].Address.Equals(carrier) ? (members[0], members[1]) : (members[1], members[0]);

        var carried = Segments();
        await cluster.UntilAsync(() => Segments() > carried, Limit);
        var draining = drained.StopAsync();
        await Eventually.TrueAsync(async () => other.Address.Equals(await other.CarrierAsync(job)), Limit, () => Task.FromResult($"the job stays with {drained.Name}"));
        Assert.False(draining.IsCompleted);
        var begun = cluster.Begun(other.Name);
        await cluster.UntilAsync(() => cluster.Begun(other.Name) > begun, Limit);
        await draining;

        Assert.Equal(0, await cluster.CountAsync("SELECT COUNT(*) FROM medgen_ledger.item WHERE attempts <> 0"));
        await cluster.Ledger.ChangeJobAsync(job, JobEvent.CancelRequested);
        await other.StopAsync();
        await drained.DisposeAsync();
        await other.DisposeAsync();
        Assert.Empty(Diary.Twice(cluster.Diaries));

        int Segments() => Diary.Read(cluster.Diaries)[drained.Name].Count(line => line.StartsWith("segment", StringComparison.Ordinal));
    }

    /// <summary>A silo with all roles in this process.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SimulatedSilo _silo;
        private readonly Task _running;

        public Member(SimulatedCluster cluster, string name)
        {
            Name = name;
            _silo = cluster.Join(name);
            _running = _silo.Engine.RunAsync(untilIdle: false, _stop.Token);
        }

        public string Name { get; }

        public SiloAddress Address => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

        private IServiceProvider Services => ((OrleansEngine)_silo.Engine).Services;

        private IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

        public Task JoinedAsync() => Eventually.TrueAsync(() => _silo.Engine.Silos.Any(silo => silo is { Status: "active" } && silo.Name == Name));

        /// <summary>Tells the shards of a job without items to work, about as often as a job's grain does.</summary>
        /// <returns>By shard: the silo that carries it.</returns>
        public async Task<string[]> OrderAsync(long job)
        {
            await Task.Delay(Pause);
            var carriers = new string[Shards];
            for (var shard = 0; shard < Shards; shard++)
            {
                var slots = ShardSlots.Of(shard, Shards);
                carriers[shard] = (await Grains.GetGrain<IShardGrain>($"{job}/{shard}").EnsureAsync(
                    new ShardOrder(job, slots.First, slots.End, Running: true, Videos: 1, Clips: 2, Options: "", VideosWait: false), CancellationToken.None)).Silo;
            }

            return carriers;
        }

        public async Task<SiloAddress?> CarrierAsync(long job) =>
            await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(Grains.GetGrain<ICurationJobGrain>(job));

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await _silo.DisposeAsync();
            _stop.Dispose();
        }
    }
}

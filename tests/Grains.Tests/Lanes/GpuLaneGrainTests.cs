using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Grains.Tests.Lanes;

/// <summary>A silo whose lanes hang: one item runs, one waits behind it, and a third finds no room.</summary>
public sealed class GpuLaneGrainTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-lane-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private SimulatedSilo _silo = null!;
    private Task _running = Task.CompletedTask;
    private long _job;

    private IServiceProvider Services => ((OrleansEngine)_silo.Engine).Services;

    private IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    private IGpuLaneGrain Lane => Grains.GetGrain<IGpuLaneGrain>(new LaneKey(16, "here", StageId.Segment).ToString());

    private string Diary => Path.Combine(_folder, "diaries", "here");

    [Fact]
    public async Task What_is_said_twice_is_done_once_and_a_lane_without_room_says_so()
    {
        var tickets = await TicketsAsync();
        var held = new List<LaneTicket>();
        foreach (var ticket in tickets)
        {
            if (await Lane.HoldsAsync(ticket, default))
            {
                held.Add(ticket);
            }
        }

        Assert.Equal(2, held.Count);
        Assert.Equal(new LaneAnswer(LaneAnswerKind.Accepted, 2, TimeSpan.Zero), await Lane.SubmitAsync(held[0], default));
        var refused = await Lane.SubmitAsync(Assert.Single(tickets, ticket => !held.Contains(ticket)), default);
        Assert.Equal((LaneAnswerKind.Busy, 2), (refused.Kind, refused.Capacity));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);

        var job = Grains.GetGrain<ICurationJobGrain>(_job);
        await job.EnsureAsync(default);
        await job.EnsureAsync(default);
        var running = new ItemTicket(held[0].Owner, held[0].Number, held[0].Item, _job, "", held[0].Options);
        Assert.False(await Grains.GetGrain<IVideoGrain>(held[0].Item).StartAsync(running with { Number = running.Number + 100 }, default));
        Assert.Equal((3, 3), (Begun("probe").Length, Begun("probe").Distinct().Count()));
        Assert.Single(Begun("segment"));
    }

    [Fact]
    public async Task An_item_that_is_called_off_leaves_its_place()
    {
        var tickets = await TicketsAsync();
        var first = Assert.Single(Begun("segment"));
        var runs = Assert.Single(tickets, ticket => first.EndsWith(Id(ticket.Item), StringComparison.Ordinal));

        await Lane.CallOffAsync(runs);

        await Eventually.TrueAsync(() => Begun("segment").Distinct().Count() == 2);
    }

    public async Task InitializeAsync()
    {
        var plan = new SimulationPlan
        {
            Videos = 3, Rejected = 0, Switches = Directory.CreateDirectory(Path.Combine(_folder, "switches")).FullName, Diaries = Directory.CreateDirectory(Path.Combine(_folder, "diaries")).FullName,
        };
        File.WriteAllText(Path.Combine(plan.Switches, "hang-here"), "");
        _silo = SimulatedSilo.Create(
            plan, new ClusterSettings { SiloName = "here", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next(), GpuMemory = 1L << 30, DrainLimit = TimeSpan.FromMilliseconds(100) },
            new EngineOptions { GpuSlots = 1 }, Path.Combine(_folder, "data"), NullLoggerFactory.Instance, TimeProvider.System);
        _job = (await SimulatedSilo.SubmitAsync(_silo.Ledger)).Id;
        _running = _silo.Engine.RunAsync(untilIdle: false, _stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>The tickets of all three, once they have come to the lanes and two are held.</summary>
    private async Task<List<LaneTicket>> TicketsAsync()
    {
        var owner = Services.GetRequiredService<SiloWork>().Owner;
        var tickets = new List<LaneTicket>();
        await Eventually.TrueAsync(
            async () =>
            {
                tickets.Clear();
                foreach (var item in _silo.Ledger.Items(new()).ToList())
                {
                    var status = _running.IsCompleted || Begun("probe").Length < 3 ? default : await Grains.GetGrain<IVideoGrain>(item.Seq).StatusAsync(default);
                    if (status.Stage == StageId.Segment.Name())
                    {
                        tickets.Add(new LaneTicket(owner, status.Number, item.Seq, _job, StageId.Segment, "", null!));
                    }
                }

                var held = 0;
                foreach (var ticket in tickets)
                {
                    held += await Lane.HoldsAsync(ticket, default) ? 1 : 0;
                }

                return tickets.Count == 3 && held == 2 && Begun("segment").Length == 1;
            },
            TimeSpan.FromMinutes(1), () => Task.FromResult($"{tickets.Count} items have come to the lane"));
        return tickets;
    }

    private string Id(long item) => _silo.Ledger.Items(new()).Single(row => row.Seq == item).Id;

    private string[] Begun(string stage) => File.Exists(Diary) ? [.. File.ReadAllLines(Diary).Where(line => line.StartsWith(stage + " ", StringComparison.Ordinal))] : [];
}

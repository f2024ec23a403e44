using System.Net;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Lanes;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Grains.Tests.Lanes;

/// <summary>A router on a clock that is moved by hand, with lanes that do what a test says. Lanes answer at once, so that whatever the router does with an item is done when the call returns.</summary>
internal sealed class RouterBench : IGpuSilos
{
    public const StageId Stage = StageId.Aesthetics;
    public const int Mebibytes = 16;

    private readonly List<GpuSilo> _silos = [];
    private readonly Dictionary<string, FakeLane> _lanes = [];
    private int _joined;

    public RouterBench(EngineOptions? options = null)
    {
        var plan = new SimulationPlan();
        var budget = new HostBudget(new HostBudgetOptions(), Time);
        Router = new LaneRouter(
            new ClusterParts(
                null!, SimulatedStages.Catalog(plan, "here", Time), null!, _ => new SimulatedSource(plan), (_, _) => Task.CompletedTask, () => null, budget, _ => (long)Mebibytes << 20,
                options ?? new EngineOptions(), new ClusterSettings(), Time, NullLoggerFactory.Instance),
            this, Answering.As<IGrainFactory>((_, arguments) => _lanes[(string)arguments[0]!].Grain), NullLogger<LaneRouter>.Instance);
    }

    public ManualTime Time { get; } = new();

    public LaneRouter Router { get; }

    public List<GpuSilo> Active() => [.. _silos];

    /// <summary>A silo joins.</summary>
    public FakeLane Join(string name, long memory = 1L << 30)
    {
        _silos.Add(new GpuSilo(SiloAddress.New(IPAddress.Loopback, 1, ++_joined), name, memory));
        var lane = _lanes[new LaneKey(Mebibytes, name, Stage).ToString()] = new FakeLane();
        Router.Refresh();
        return lane;
    }

    public void Dies(string name)
    {
        _silos.RemoveAll(silo => silo.Name == name);
        Router.Refresh();
    }

    public Task<ExecutedStage> Run(long item, CancellationToken off = default) => Run(item, off, off);

    /// <summary>An item whose silo has died.</summary>
    public Task<ExecutedStage> RunAgain(long item) => Router.RunAsync(Ticket(item), first: true, CancellationToken.None, CancellationToken.None);

    public Task<ExecutedStage> Run(long item, CancellationToken waiting, CancellationToken running) => Router.RunAsync(Ticket(item), first: false, waiting, running);

    /// <summary>A lane tells the end of an item.</summary>
    public Task TellAsync(long item, double seconds = 1, bool givenBack = false) =>
        Router.ToldAsync(new LaneReport("S1", item, item, Stage, givenBack ? null : new StageOutcome(1, "measured", false), seconds));

    private static LaneTicket Ticket(long item) => new("S1", item, item, 1, Stage, "", null!);

    internal sealed class FakeLane
    {
        public FakeLane() => Grain = Answering.As<IGpuLaneGrain>((method, arguments) => method switch
        {
            nameof(IGpuLaneGrain.SubmitAsync) => Submit((LaneTicket)arguments[0]!),
            nameof(IGpuLaneGrain.HoldsAsync) => new ValueTask<bool>(Holds),
            _ => CallOff((LaneTicket)arguments[0]!),
        });

        public IGpuLaneGrain Grain { get; }

        public Func<LaneAnswer> Answer { get; set; } = () => new LaneAnswer(LaneAnswerKind.Accepted, 8, TimeSpan.Zero);

        public bool Holds { get; set; } = true;

        /// <summary>Items that it was given, in order.</summary>
        public List<long> Submitted { get; } = [];

        public List<long> CalledOff { get; } = [];

        private ValueTask<LaneAnswer> Submit(LaneTicket ticket)
        {
            Submitted.Add(ticket.Item);
            return new(Answer());
        }

        private Task CallOff(LaneTicket ticket)
        {
            CalledOff.Add(ticket.Item);
            return Task.CompletedTask;
        }
    }
}

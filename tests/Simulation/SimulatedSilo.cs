using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Simulation;

/// <summary>A real silo of a real cluster with simulated stages.</summary>
public sealed class SimulatedSilo : IAsyncDisposable
{
    private readonly bool _ownsLedger;
    private readonly IMediaStore _media;

    private SimulatedSilo(IEngine engine, ILedger ledger, bool ownsLedger, IMediaStore media) => (Engine, Ledger, _ownsLedger, _media) = (engine, ledger, ownsLedger, media);

    public IEngine Engine { get; }

    public ILedger Ledger { get; }

    /// <param name="folder">For media and, without PostgreSQL, the ledger.</param>
    /// <param name="watch">Told of what the stages do, or null.</param>
    /// <param name="ledger">A ledger to share; null to open the one that the settings name.</param>
    public static SimulatedSilo Create(
        SimulationPlan plan, ClusterSettings settings, EngineOptions options, string folder, ILoggerFactory logs, TimeProvider time, ILedger? ledger = null, Func<StageId, Resource>? needs = null, IStageWatch? watch = null)
    {
        var data = DataDirectory.Open(folder, settings.SiloName);
        var factory = ClusterEngines.Find();
        var opened = ledger ?? Ledgers.Open(settings, data, time, logs.CreateLogger("ledger"));
        var media = MediaStores.Open(settings, data, time);
        var engine = factory.Create(new ClusterParts(
            opened, SimulatedStages.Catalog(plan, settings.SiloName, time, needs, watch, plan.MediaBytes > 0 ? new SimulatedMedia(plan, media) : null), media, _ => new SimulatedSource(plan), (_, _) => Task.CompletedTask,
            () => null, factory.CreateBudget(new HostBudgetOptions(), time), _ => (long)plan.GpuMebibytes << 20, options, settings, time, logs));
        return new SimulatedSilo(engine, opened, ledger is null, media);
    }

    /// <summary>Submits the plan as a job.</summary>
    public static Task<JobRow> SubmitAsync(ILedger ledger) => ledger.CreateJobAsync("simulation", new SourceSpec("simulated", ""), new CurationOptions());

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().ConfigureAwait(false);
        if (_ownsLedger)
        {
            await Ledger.DisposeAsync().ConfigureAwait(false);
        }

        (_media as IDisposable)?.Dispose();
    }
}

using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Duplicates;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Export;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Reporting;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Silo.TextToVideo;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Silo;

/// <summary>One data directory opened by one process: its ledger and media, and on demand its stages and engine.</summary>
public sealed class CurationHost : IAsyncDisposable
{
    private readonly HostOptions _options;
    private readonly ILoggerFactory _logs;
    private readonly IMediaStore _media;
    private readonly IHostBudget _budget;
    private readonly ProcessRunner _processes;
    private readonly NetworkServices _network;
    private ModelCatalog? _models;
    private StageCatalog? _stages;
    private TextToVideoWorkers? _workers;

    private CurationHost(HostOptions options, DataDirectory data, ILedger ledger, ILoggerFactory logs)
    {
        (_options, Data, Ledger, _logs) = (options, data, ledger, logs);
        _media = MediaStores.Open(options.Cluster ?? new ClusterSettings(), data, TimeProvider.System);
        _processes = new ProcessRunner(TimeProvider.System, Processes);
        _budget = options.Cluster is null ? new HostBudget(options.Network.Network, TimeProvider.System) : ClusterEngines.Find().CreateBudget(options.Network.Network, TimeProvider.System);
        _network = new NetworkServices(options.Network, _budget, _processes, TimeProvider.System);
    }

    public DataDirectory Data { get; }

    public ILedger Ledger { get; }

    public IMediaStore Media => _media;

    /// <summary>Batch generations and training runs.</summary>
    public TextToVideoServices TextToVideo => new(Ledger, _media, Data.Root, _options.Trainer, TimeProvider.System, _logs);

    /// <summary>Lets workers for them run in the background until they are disposed.</summary>
    public IAsyncDisposable StartWorkers() => _workers = TextToVideo.StartWorkers();

    /// <summary>Has this process's workers look at once for what is due.</summary>
    public void WakeWorkers() => _workers?.Wake();

    /// <summary>Whether this process may carry work for GPUs.</summary>
    public bool IsGpuHost => _options.Cluster?.Role.HasFlag(SiloRole.Gpu) ?? true;

    /// <summary>How this process uses networks.</summary>
    public NetworkOptions Network => _options.Network;

    public HostOptions Options => _options;

    /// <summary>The loaded models; null before an engine was made.</summary>
    public ModelCatalog? Models => _models;

    /// <summary>ffmpeg and ffprobe under this host's limits.</summary>
    public MediaTools Tools => new(_processes, _options.Tools);

    /// <summary>CPU time of the external programs that this host ran.</summary>
    public ProcessAccounting Processes { get; } = new();

    /// <summary>Opens or creates a data directory.</summary>
    /// <exception cref="LedgerException">It cannot be used.</exception>
    public static CurationHost Open(HostOptions options, ILoggerFactory? logs = null)
    {
        logs ??= NullLoggerFactory.Instance;
        var data = DataDirectory.Open(options.DataPath, options.Cluster?.SiloName);
        return new CurationHost(options, data, Ledgers.Open(options.Cluster, data, TimeProvider.System, logs.CreateLogger("MedGenCluster.Ledger")), logs);
    }

    /// <summary>Creates or updates what a cluster needs in its backends. Safe to repeat.</summary>
    /// <returns>What is there now, a sentence each.</returns>
    /// <exception cref="ClusterException">A backend cannot be reached or used.</exception>
    /// <exception cref="LedgerException">The ledger cannot be used.</exception>
    public static async Task<IReadOnlyList<string>> InitializeClusterAsync(HostOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Cluster!;
        var done = new List<string>();
        await using var host = Open(options);
        if (settings.Postgres is not null)
        {
            done.Add("The ledger's schema is up to date.");
        }

        await ClusterEngines.Find().InitializeAsync(settings, cancellationToken).ConfigureAwait(false);
        if (settings.Clustering != ClusteringBackend.Localhost)
        {
            done.Add($"Membership, grain state and reminders of cluster {settings.ClusterId} can be kept in {settings.Clustering}.");
        }

        if (settings.MediaContainer is { } container)
        {
            await MediaStores.PrepareAsync(host.Media, cancellationToken).ConfigureAwait(false);
            done.Add($"The container {container} is there for media.");
        }

        return done;
    }

    /// <summary>Submits a crawl. The same source submitted again continues its job: new videos are added, known ones are left alone.</summary>
    public async Task<JobRow> SubmitAsync(string name, SourceSpec source, CurationOptions options)
    {
        var same = (await Ledger.JobsAsync().ConfigureAwait(false)).FirstOrDefault(job => job.Source == source && job.Options == options);
        if (same is null)
        {
            return await Ledger.CreateJobAsync(name, source, options).ConfigureAwait(false);
        }

        await Ledger.SetListedAsync(same.Id, false).ConfigureAwait(false);
        await Ledger.ChangeJobAsync(same.Id, same.State == JobState.Paused ? JobEvent.ResumeRequested : JobEvent.WorkReopened).ConfigureAwait(false);
        return same;
    }

    /// <summary>Takes the right to work on the data directory, or answers null where another process has it. Silos of a cluster whose ledger is a server's share it.</summary>
    public IDisposable? TryLock() => _options.Cluster?.Postgres is null ? Data.TryLock() : new Shared();

    /// <summary>Loads the models and makes the engine. The caller holds the lock.</summary>
    /// <exception cref="ModelException">The model pack cannot be used.</exception>
    /// <exception cref="ClusterException">The cluster's settings cannot be used.</exception>
    public async Task<IEngine> CreateEngineAsync(CancellationToken cancellationToken)
    {
        var stages = await StagesAsync(cancellationToken).ConfigureAwait(false);
        (_media as DirectoryMediaStore)?.RemoveLeftovers();
        var duplicates = new DuplicateMarker(Ledger);
        if (_options.Cluster is { } settings)
        {
            var cluster = settings with { GpuMemory = settings.GpuMemory ?? await new GpuMemory(_processes).DetectAsync(cancellationToken).ConfigureAwait(false) };
            await MediaStores.PrepareAsync(_media, cancellationToken).ConfigureAwait(false);
            return ClusterEngines.Find().Create(new ClusterParts(
                Ledger, stages, _media, _network.Sources.Create, duplicates.RunAsync, OutOfRoom, _budget, new StageMemory(ModelPack.Load(_options.ModelsPath)).Of, _options.Engine, cluster,
                TimeProvider.System, _logs));
        }

        return new EmbeddedEngine(
            Ledger, stages, _media, _network.Sources.Create, duplicates.RunAsync, OutOfRoom, _options.Engine,
            $"{Environment.MachineName}:{Environment.ProcessId}:{Environment.TickCount64}", TimeProvider.System, _logs.CreateLogger<EmbeddedEngine>());
    }

    /// <summary>Gives failed items another try: they are due at once when an engine runs.</summary>
    /// <returns>How many are tried again.</returns>
    public Task<int> RetryAsync(IReadOnlyList<LedgerItem> failed) => new Retrier(Ledger).RunAsync(failed);

    /// <summary>Decides a job anew under other options. The caller holds the data directory's lock.</summary>
    public async Task<RedecisionReport> RedecideAsync(JobRow job, CurationOptions options, CancellationToken cancellationToken, IProgress<double>? progress = null)
    {
        var stages = await StagesAsync(cancellationToken).ConfigureAwait(false);
        var report = await new Redecider(Ledger, stages, StandardStages.Replan).RunAsync(job, options, cancellationToken, progress).ConfigureAwait(false);
        if (report.Unmeasured > 0)
        {
            await Ledger.ChangeJobAsync(job.Id, JobEvent.WorkReopened).ConfigureAwait(false);
        }

        await new DuplicateMarker(Ledger).RunAsync(job with { Options = options }, cancellationToken).ConfigureAwait(false);
        return report;
    }

    public Funnel Funnel(long? job) => Reporting(Ledger, job);

    /// <summary>The funnel as another process sees it now: the tallies are read again.</summary>
    public async Task<Funnel> FreshFunnelAsync(long? job)
    {
        await Ledger.RefreshAsync().ConfigureAwait(false);
        return Reporting(Ledger, job);
    }

    /// <summary>The accepted clips as an export source.</summary>
    public IExportSource ExportSource(string name, long? job) => new LedgerExportSource(Ledger, Media, name, job);

    /// <summary>Tells the process that works on this directory to look at its jobs again.</summary>
    public void WakeOthers() => File.WriteAllText(Data.WakePath, "");

    /// <summary>Calls <paramref name="wake"/> whenever another process asks for it.</summary>
    public IDisposable WakeOnSignal(Action wake)
    {
        var watcher = new FileSystemWatcher(Data.Root, Path.GetFileName(Data.WakePath)) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName };
        watcher.Changed += (_, _) => wake();
        watcher.Created += (_, _) => wake();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        if (_models is not null)
        {
            await _models.DisposeAsync().ConfigureAwait(false);
        }

        _network.Dispose();
        switch (_media)
        {
            case IAsyncDisposable media:
                await media.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable media:
                media.Dispose();
                break;
        }

        await Ledger.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Shared : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private static Funnel Reporting(ILedger ledger, long? job) => Engine.Reporting.Funnel.Of(ledger.Tallies, StageOrderKind.Paper, job);

    private string? OutOfRoom()
    {
        var free = Data.FreeBytes();
        return free < _options.Engine.MinFreeBytes
            ? $"only {free >> 20} MB are free for {Data.Root} (it keeps {_options.Engine.MinFreeBytes >> 20} MB in reserve); free some space and work goes on by itself."
            : null;
    }

    private Task<StageCatalog> StagesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_stages is null)
        {
            var pack = ModelPack.Load(_options.ModelsPath);
            var runtime = InferenceRuntime.TryCreate(_options.Inference, out var none);
            _models = new ModelCatalog(pack, runtime, none, new ModelCatalogOptions(), TimeProvider.System);
            if (IsGpuHost)
            {
                // A pack that cannot be used is refused here, before any item spends an attempt on it.
                _ = (_models.ClipVision, _models.FrameClassifier, _models.Aesthetic, _models.DoverTechnical, _models.DoverAesthetic);
            }

            var tools = new MediaTools(_processes, _options.Tools);
            var (video, clip) = StandardStages.Create(tools, _media, _models, new CaptionerPool().For, _network.Fetchers, Data.DownloadsPath);
            _stages = new StageCatalog(video, clip);
        }

        return Task.FromResult(_stages);
    }
}

using System.Collections.Concurrent;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Safetensors;

namespace MedGenCluster.GpuWorkers.Catalog;

/// <summary>The models of one pack. A model is loaded on first use, checked against the manifest, and kept; one that cannot be loaded
/// is tried again on the next use, so that a file that was put in place is found without a restart.</summary>
/// <param name="runtime">Null where this build or machine has none; then every model but the aesthetic head is refused with
/// <paramref name="noRuntime"/>.</param>
public sealed class ModelCatalog(
    ModelPack pack, InferenceRuntime? runtime, string? noRuntime, ModelCatalogOptions options, TimeProvider time) : IModelCatalog, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, MicroBatcher> _batchers = new();
    private readonly ConcurrentDictionary<string, IInferenceSession> _sessions = new();
    private readonly Lock _loading = new();
    private IAestheticHead? _aesthetic;
    private bool _disposed;

    public ModelPack Pack => pack;

    /// <summary>The runtime in words, or why there is none.</summary>
    public string RuntimeDescription => runtime?.Description ?? noRuntime ?? "";

    /// <summary>The batched models that are loaded, by role.</summary>
    public IReadOnlyList<LaneStatus> Lanes => [.. _batchers.Values.Select(batcher => batcher.Status).OrderBy(lane => lane.Role, StringComparer.Ordinal)];

    public ITensorModel ClipVision => TensorModel(ModelRoles.ClipVision);

    public ITensorModel FrameClassifier => TensorModel(ModelRoles.FrameClassifier);

    public ITensorModel DoverTechnical => TensorModel(ModelRoles.DoverTechnical);

    public ITensorModel DoverAesthetic => TensorModel(ModelRoles.DoverAesthetic);

    public IAestheticHead Aesthetic
    {
        get
        {
            lock (_loading)
                return _aesthetic ??= LoadAesthetic();
        }
    }

    /// <summary>A micro-batched model of fixed item shape.</summary>
    /// <exception cref="ModelException">The role is not in the pack, or its file cannot be used.</exception>
    public ITensorModel TensorModel(string role) => GetOrLoad(_batchers, role, LoadBatcher);

    /// <summary>A session for models with several inputs or free axes (text, MUSIQ, DINO, frame interpolation); one run for each call.</summary>
    /// <exception cref="ModelException">The role is not in the pack, or its file cannot be used.</exception>
    public IInferenceSession Session(string role) => GetOrLoad(_sessions, role, name => Runtime.OpenChecked(pack, pack[name]));

    /// <summary>The least number of rows from which a row's result does not depend on how many rows travel with it.</summary>
    /// <exception cref="ModelException">There is no runtime.</exception>
    public int StableRows(int maxBatch) => Runtime.StableRows(maxBatch);

    public async ValueTask DisposeAsync()
    {
        lock (_loading)
            _disposed = true;
        foreach (var batcher in _batchers.Values)
            await batcher.DisposeAsync();
        foreach (var session in _sessions.Values)
            session.Dispose();
    }

    private InferenceRuntime Runtime => runtime ?? throw new ModelException(noRuntime ?? "There is no inference runtime.");

    private T GetOrLoad<T>(ConcurrentDictionary<string, T> loaded, string role, Func<string, T> load)
    {
        if (loaded.TryGetValue(role, out var model))
            return model;
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return loaded.GetOrAdd(role, load);
        }
    }

    private MicroBatcher LoadBatcher(string role)
    {
        var entry = pack[role];
        if (PortCheck.AgainstContract(entry) is { } wrong)
            throw new ModelException(wrong);
        var kernels = new List<ITensorKernel>();
        try
        {
            for (var device = 0; device < Runtime.DeviceCount; device++)
                kernels.Add(new SessionKernel(entry, () => Runtime.OpenChecked(pack, entry, device)));
            var batching = options.For(role);
            var minimumRows = batching.Deterministic ? Runtime.StableRows(batching.MaxBatch) : 1;
            return new MicroBatcher(role, pack.VersionOf(entry), pack.IsDemo, kernels, batching, time, minimumRows);
        }
        catch
        {
            kernels.ForEach(kernel => kernel.Dispose());
            throw;
        }
    }

    private AestheticHead LoadAesthetic()
    {
        var entry = pack[ModelRoles.Aesthetic];
        if (PackVerifier.CheckFiles(pack, entry) is { } trouble)
            throw new ModelException(trouble.Sentence);
        return new AestheticHead(LinearHeadFile.Load(entry.Role, pack.PathOf(entry.File)), pack.VersionOf(entry), pack.IsDemo);
    }
}

using System.Reflection;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Inference;

/// <summary>What executes model files. The implementation over ONNX Runtime is compiled only where ONNX Runtime can be had, so it is
/// looked up by name.</summary>
public abstract class InferenceRuntime
{
    private const string Implementation = "MedGenCluster.GpuWorkers.Onnx.OnnxInferenceRuntime";

    /// <summary>Name and version, for example <c>ONNX Runtime 1.29.0, Cpu, 8 threads</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Devices that a model gets a session on; 1 on a CPU.</summary>
    public abstract int DeviceCount { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="role">For messages.</param>
    /// <param name="device">0 to <see cref="DeviceCount"/> - 1.</param>
    /// <exception cref="ModelException">The file is missing or is not a model, or the device cannot be used.</exception>
    public abstract IInferenceSession Open(string role, string path, int device = 0);

    /// <summary>The least number of rows from which the result of a row does not depend on how many rows travel with it, at most
    /// <paramref name="maxBatch"/> (then every batch is padded to that size).</summary>
    public abstract int StableRows(int maxBatch);

    /// <summary>The runtime of this build, or null and a sentence that says why there is none.</summary>
    public static InferenceRuntime? TryCreate(InferenceOptions options, out string? reason)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            reason = string.Join(" ", errors);
            return null;
        }
        var type = typeof(InferenceRuntime).Assembly.GetType(Implementation);
        if (type is null)
        {
            reason = "This build has no ONNX Runtime: neither its NuGet package nor its npm package could be had when it was built. "
                + "Build again where one of them can be (`medgen setup` says which).";
            return null;
        }
        try
        {
            reason = null;
            return (InferenceRuntime)Activator.CreateInstance(type, options)!;
        }
        catch (TargetInvocationException error)
        {
            var cause = error.InnerException is TypeInitializationException { InnerException: { } inner } ? inner : error.InnerException;
            reason = $"ONNX Runtime does not start here: {cause?.Message}";
            return null;
        }
    }

    /// <summary>Opens the file of a role after checking its content and its ports against the manifest.</summary>
    /// <exception cref="ModelException">Something differs; the message names role, file, what was expected and what was found.</exception>
    public IInferenceSession OpenChecked(ModelPack pack, ModelEntry entry, int device = 0)
    {
        if (device == 0 && PackVerifier.CheckFiles(pack, entry) is { } trouble)
            throw new ModelException(trouble.Sentence);
        var path = pack.PathOf(entry.File);
        var session = Open(entry.Role, path, device);
        if (PortCheck.AgainstFile(entry, path, session.Inputs, session.Outputs) is not { } wrong)
            return session;
        session.Dispose();
        throw new ModelException(wrong);
    }
}

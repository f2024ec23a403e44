using System.Text.Json.Serialization;

namespace MedGenCluster.GpuWorkers.Inference;

[JsonConverter(typeof(JsonStringEnumConverter<ExecutionProvider>))]
public enum ExecutionProvider
{
    Cpu,
    Cuda,
    TensorRt,
}

/// <summary>Where models run.</summary>
public sealed record InferenceOptions
{
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>GPU numbers; a model gets one session on each, fed from one queue. Not used by the CPU provider.</summary>
    public IReadOnlyList<int> Devices { get; init; } = [0];

    /// <summary>Threads that one operator may use; 0 takes one for each processor.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>All errors of these options at once; empty when they are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (IntraOpThreads < 0)
            errors.Add($"Inference.IntraOpThreads is {IntraOpThreads}; it must be 0 (one for each processor) or more.");
        if (Provider != ExecutionProvider.Cpu && Devices.Count == 0)
            errors.Add("Inference.Devices is empty; name at least one GPU, for example 0.");
        if (Devices.Any(device => device < 0) || Devices.Distinct().Count() != Devices.Count)
            errors.Add($"Inference.Devices is {string.Join(",", Devices)}; each GPU number must be 0 or more and stand once.");
        return errors;
    }
}

using MedGenCluster.GpuWorkers.Inference;

namespace MedGenCluster.GpuWorkers.Tests.Support;

internal static class Runtime
{
    private static readonly Lazy<(InferenceRuntime? Value, string? Reason)> Found = new(() =>
        (InferenceRuntime.TryCreate(new InferenceOptions { IntraOpThreads = 2 }, out var reason), reason));

    public static InferenceRuntime Instance => Found.Value.Value!;

    public static string? Reason => Found.Value.Reason;
}

/// <summary>A test that needs ONNX Runtime; shown as skipped, with the reason, where this build has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeFactAttribute : FactAttribute
{
    public RuntimeFactAttribute() => Skip = Runtime.Reason;
}

/// <summary>As <see cref="RuntimeFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeTheoryAttribute : TheoryAttribute
{
    public RuntimeTheoryAttribute() => Skip = Runtime.Reason;
}

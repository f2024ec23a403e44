namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>One axis of a tensor: a fixed size, or a name where the size is free.</summary>
public readonly record struct Axis(int? Size, string? Name)
{
    public bool IsFree => Size is null;

    public override string ToString() => Size?.ToString() ?? Name ?? "?";
}

/// <summary>An input or output of a model.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Shape">Axes with the batch axis first.</param>
/// <param name="Type"><c>float32</c>, <c>float16</c>, <c>int64</c>, <c>int32</c>, ...</param>
public sealed record TensorPort(string Name, IReadOnlyList<Axis> Shape, string Type)
{
    /// <summary>The sizes after the batch axis, or null where one of them is free.</summary>
    public int[]? FixedItemShape =>
        Shape.Count > 0 && Shape.Skip(1).All(axis => !axis.IsFree) ? [.. Shape.Skip(1).Select(axis => axis.Size!.Value)] : null;

    /// <summary>True if a file with port <paramref name="found"/> can serve what this port promises: same type and rank, equal
    /// fixed sizes, and no fixed size where the promise is a free axis.</summary>
    public bool IsServedBy(TensorPort found) =>
        Type == found.Type && Shape.Count == found.Shape.Count
        && Shape.Zip(found.Shape).All(pair => pair.Second.IsFree || pair.First.Size == pair.Second.Size);

    public override string ToString() => $"{Name} {Type}[{string.Join(",", Shape)}]";
}

using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>The ports of a BERT encoder as exporters name them.</summary>
internal static class TextPorts
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";
    public const string Types = "token_type_ids";

    /// <summary>True for input_ids and attention_mask [N,L], with or without token_type_ids, in int64.</summary>
    public static bool AreInputs(IReadOnlyList<TensorPort> ports) =>
        ports.All(port => port is { Name: Ids or Mask or Types, Type: "int64", Shape: [{ IsFree: true }, { IsFree: true }] })
        && ports.Any(port => port.Name == Ids) && ports.Any(port => port.Name == Mask);

    /// <summary>True for a hidden state float32 [N,L,D] of fixed D.</summary>
    public static bool IsHiddenState(TensorPort port) => port is { Type: "float32", Shape: [{ IsFree: true }, { IsFree: true }, { IsFree: false }] };
}

using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>A session whose manifest promises one float input of fixed item shape and a first float output of fixed length.</summary>
public sealed class SessionKernel : ITensorKernel
{
    private readonly IInferenceSession _session;
    private readonly string _input;
    private readonly string _output;
    private readonly int[] _outputShape;

    /// <param name="open">Opens the session; called when the entry's ports were found good. Disposed with the kernel.</param>
    /// <exception cref="ModelException">The entry's ports are not of that kind, or the session cannot be opened.</exception>
    public SessionKernel(ModelEntry entry, Func<IInferenceSession> open)
    {
        if (entry.Inputs is not [{ Type: "float32", FixedItemShape: { } item } input]
            || entry.Outputs is not [{ Type: "float32", FixedItemShape: { } output } result, ..])
            throw new ModelException(
                $"{entry.Role}: {entry.File.Path} takes {string.Join(", ", entry.Inputs)} and gives {string.Join(", ", entry.Outputs)}; "
                + "batches need one float32 input and output whose axes are fixed but for the first.");
        if (!input.Shape[0].IsFree)
            throw new ModelException($"{entry.Role}: the first axis of {input} in {entry.File.Path} is fixed; export it with a free batch axis.");
        (_session, _input, _output) = (open(), input.Name, result.Name);
        ItemShape = item;
        _outputShape = output;
        OutputLength = output.Aggregate(1, (product, axis) => product * axis);
    }

    public IReadOnlyList<int> ItemShape { get; }

    public int OutputLength { get; }

    public void Run(Memory<float> input, int rows, Memory<float> output) => _session.Run(
        _input, input, [rows, .. ItemShape.Select(axis => (long)axis)], _output, output, [rows, .. _outputShape.Select(axis => (long)axis)]);

    public void Dispose() => _session.Dispose();
}

namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>Executes rows of a model on one device. One call at a time.</summary>
public interface ITensorKernel : IDisposable
{
    /// <summary>Shape of one row, for example [3, 224, 224].</summary>
    IReadOnlyList<int> ItemShape { get; }

    /// <summary>Values of one row's output.</summary>
    int OutputLength { get; }

    /// <summary>Runs <paramref name="rows"/> rows that stand in <paramref name="input"/> one after another, and writes their outputs
    /// one after another. Throws where the execution fails.</summary>
    void Run(Memory<float> input, int rows, Memory<float> output);
}

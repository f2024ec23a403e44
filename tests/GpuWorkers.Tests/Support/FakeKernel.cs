using System.Collections.Concurrent;
using MedGenCluster.GpuWorkers.Batching;

namespace MedGenCluster.GpuWorkers.Tests.Support;

/// <summary>A kernel of two values in, one out: their sum. An item whose first value is <see cref="Bad"/> makes its run throw.</summary>
internal sealed class FakeKernel : ITensorKernel
{
    public const float Bad = -999;

    private readonly SemaphoreSlim _permits;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="held">Runs wait for <see cref="Permit"/>.</param>
    public FakeKernel(bool held = false) => _permits = new SemaphoreSlim(held ? 0 : int.MaxValue / 2);

    /// <summary>Rows of each run.</summary>
    public ConcurrentQueue<int> Runs { get; } = new();

    public bool Disposed { get; private set; }

    /// <summary>Done when the first run has begun.</summary>
    public Task Started => _started.Task;

    public IReadOnlyList<int> ItemShape { get; } = [2];

    public int OutputLength => 1;

    public void Permit(int runs = 1) => _permits.Release(runs);

    public void Run(Memory<float> input, int rows, Memory<float> output)
    {
        _started.TrySetResult();
        _permits.Wait();
        Runs.Enqueue(rows);
        var values = input.Span;
        for (var row = 0; row < rows; row++)
        {
            if (values[2 * row] == Bad)
                throw new InvalidOperationException("bad item");
            output.Span[row] = values[2 * row] + values[(2 * row) + 1];
        }
    }

    public void Dispose() => Disposed = true;
}

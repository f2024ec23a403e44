using System.Diagnostics;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Safetensors;

namespace MedGenCluster.GpuWorkers.Bench;

/// <summary>How fast one model is at one batch size.</summary>
/// <param name="Input">Shapes that were fed, for example <c>pixel_values[8,3,224,224]</c>.</param>
/// <param name="Runs">Measured runs; one more before them is not counted.</param>
/// <param name="ItemsPerSecond">Items of all runs over the time of all runs.</param>
/// <param name="MedianMilliseconds">Median time of one run.</param>
/// <param name="P95Milliseconds">Time that 95 of 100 runs do not exceed.</param>
/// <param name="Trouble">Why there is no measurement, else null.</param>
public sealed record ModelBenchRow(
    string Role, int BatchSize, string Input, int Runs, double ItemsPerSecond, double MedianMilliseconds, double P95Milliseconds, string? Trouble = null);

/// <summary>What to measure.</summary>
public sealed record ModelBenchOptions
{
    /// <summary>Roles to measure; null takes all of the pack.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    public IReadOnlyList<int> BatchSizes { get; init; } = [1, 4, 16];

    /// <summary>Time for each row of the table; at least three runs are made.</summary>
    public TimeSpan Each { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Size of free picture axes, pixels.</summary>
    public int PictureSide { get; init; } = 224;

    /// <summary>Size of other free axes, for example tokens.</summary>
    public int OtherAxis { get; init; } = 64;
}

/// <summary>Measures throughput and latency of a pack's models, each alone, without micro-batching.</summary>
public static class ModelBench
{
    private const int LeastRuns = 3;

    /// <summary>One row for each role and batch size, as soon as it is measured.</summary>
    public static IEnumerable<ModelBenchRow> Run(ModelPack pack, InferenceRuntime? runtime, string? noRuntime, ModelBenchOptions options, CancellationToken cancellationToken)
    {
        foreach (var entry in pack.Roles.Values.Where(entry => options.Roles?.Contains(entry.Role) ?? true))
        {
            if (entry.IsOnnx)
            {
                foreach (var row in RunSession(pack, entry, runtime, noRuntime, options, cancellationToken))
                    yield return row;
            }
            else if (entry.Role is ModelRoles.Aesthetic or ModelRoles.TextClassifier)
            {
                yield return RunHead(pack, entry, options, cancellationToken);
            }
        }
    }

    private static IEnumerable<ModelBenchRow> RunSession(
        ModelPack pack, ModelEntry entry, InferenceRuntime? runtime, string? noRuntime, ModelBenchOptions options, CancellationToken cancellationToken)
    {
        IInferenceSession session;
        ModelBenchRow? trouble = null;
        try
        {
            session = runtime?.OpenChecked(pack, entry) ?? throw new ModelException(noRuntime ?? "There is no inference runtime.");
        }
        catch (ModelException error)
        {
            trouble = new ModelBenchRow(entry.Role, 0, "", 0, 0, 0, 0, error.Message);
            session = null!;
        }
        if (trouble is not null)
        {
            yield return trouble;
            yield break;
        }

        using (session)
        {
            var batchable = entry.Inputs.All(port => port.Shape.Count > 0 && port.Shape[0].IsFree);
            foreach (var size in batchable ? options.BatchSizes : [1])
            {
                NamedTensor[] inputs = [.. entry.Inputs.Select(port => Filled(port, size, options))];
                var shapes = string.Join(" ", inputs.Select(input => $"{input.Name}[{string.Join(",", input.Shape)}]"));
                yield return Measure(entry.Role, size, shapes, () => session.Run(inputs), options, cancellationToken);
            }
        }
    }

    private static ModelBenchRow RunHead(ModelPack pack, ModelEntry entry, ModelBenchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var head = LinearHeadFile.Load(entry.Role, pack.PathOf(entry.File));
            var embedding = Enumerable.Range(0, head.Dimension).Select(i => MathF.Sin(i)).ToArray();
            return Measure(entry.Role, 1, $"embedding[{head.Dimension}]", () => head.Score(embedding), options, cancellationToken);
        }
        catch (ModelException error)
        {
            return new ModelBenchRow(entry.Role, 0, "", 0, 0, 0, 0, error.Message);
        }
    }

    private static ModelBenchRow Measure(string role, int size, string input, Action run, ModelBenchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            run();
            var times = new List<double>();
            var total = Stopwatch.StartNew();
            while (times.Count < LeastRuns || total.Elapsed < options.Each)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var started = Stopwatch.GetTimestamp();
                run();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            var seconds = times.Sum() / 1000;
            times.Sort();
            return new ModelBenchRow(role, size, input, times.Count, size * times.Count / seconds, Quantile(times, 0.5), Quantile(times, 0.95));
        }
        catch (ModelException error)
        {
            return new ModelBenchRow(role, size, input, 0, 0, 0, 0, error.Message);
        }
    }

    private static double Quantile(List<double> sorted, double q) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(q * sorted.Count) - 1)];

    private static NamedTensor Filled(TensorPort port, int batch, ModelBenchOptions options)
    {
        int[] shape = [.. port.Shape.Select((axis, place) => axis.Size ?? (place == 0 ? batch : axis.Name is "H" or "W" ? options.PictureSide : options.OtherAxis))];
        var count = shape.Aggregate(1, (product, axis) => checked(product * axis));
        return port.Type == "int64"
            ? NamedTensor.Of(port.Name, shape, [.. Enumerable.Repeat(1L, count)])
            : NamedTensor.Of(port.Name, shape, [.. Enumerable.Range(0, count).Select(i => MathF.Sin(0.01f * i))]);
    }
}

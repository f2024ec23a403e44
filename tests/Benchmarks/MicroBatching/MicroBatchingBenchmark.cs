using System.Diagnostics;
using System.Globalization;
using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.Benchmarks.MicroBatching;

/// <summary>Concurrent callers through the micro-batcher against a bare loop over full batches of the same session, turn by turn in the
/// same run. Both copy every item into the tensor and every result out of it.</summary>
internal static class MicroBatchingBenchmark
{
    private const double Target = 0.95;

    /// <param name="args">[pack folder] [role] [batch] [seconds per turn] [turns].</param>
    /// <returns>0 when the median ratio reaches the target, 1 when not, 2 when it cannot be measured here.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var pack = ModelPack.Load(args.ElementAtOrDefault(0) ?? "models/demo");
        var entry = pack[args.ElementAtOrDefault(1) ?? ModelRoles.ClipVision];
        var batch = Number(args, 2, 16);
        var each = TimeSpan.FromSeconds(Number(args, 3, 3));
        var turns = Number(args, 4, 5);
        if (InferenceRuntime.TryCreate(new InferenceOptions(), out var reason) is not { } runtime)
        {
            Console.Error.WriteLine(reason);
            return 2;
        }

        var kernel = new SessionKernel(entry, () => runtime.OpenChecked(pack, entry));
        var item = Enumerable.Range(0, kernel.ItemShape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(0.01f * i)).ToArray();
        var callers = 3 * batch;
        Console.WriteLine($"{pack.VersionOf(entry)}, {runtime.Description}, batches of {batch}, {callers} callers, {turns} turns of {each.TotalSeconds:0} s each");
        await using var model = new MicroBatcher(
            entry.Role, pack.VersionOf(entry), pack.IsDemo, [kernel], new BatchingOptions { MaxBatch = batch }, TimeProvider.System, runtime.StableRows(batch));
        Bare(kernel, item, batch, TimeSpan.Zero);
        await BatchedAsync(model, item, callers, TimeSpan.Zero);
        var ratios = new List<double>();
        for (var turn = 0; turn < turns; turn++)
        {
            var bare = Bare(kernel, item, batch, each);
            var batched = await BatchedAsync(model, item, callers, each);
            ratios.Add(batched / bare);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bare loop {bare,8:0.0} items/s   micro-batched {batched,8:0.0} items/s   ratio {batched / bare:0.000}"));
        }
        ratios.Sort();
        var median = ratios[ratios.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {median:0.000} (target {Target:0.00})"));
        return median >= Target ? 0 : 1;
    }

    private static double Bare(SessionKernel kernel, float[] item, int batch, TimeSpan time)
    {
        var input = GC.AllocateArray<float>(batch * item.Length, pinned: true);
        var output = GC.AllocateArray<float>(batch * kernel.OutputLength, pinned: true);
        var results = new float[batch][];
        long items = 0;
        var started = Stopwatch.GetTimestamp();
        do
        {
            for (var row = 0; row < batch; row++)
                item.CopyTo(input, row * item.Length);
            kernel.Run(input, batch, output);
            for (var row = 0; row < batch; row++)
                results[row] = output.AsSpan(row * kernel.OutputLength, kernel.OutputLength).ToArray();
            items += batch;
        }
        while (Stopwatch.GetElapsedTime(started) < time);
        GC.KeepAlive(results);
        return items / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> BatchedAsync(MicroBatcher model, float[] item, int callers, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            long items = 0;
            do
            {
                using var slot = await model.RentAsync(CancellationToken.None);
                item.CopyTo(slot.Input);
                await slot.RunAsync(CancellationToken.None);
                items++;
            }
            while (Stopwatch.GetElapsedTime(started) < time);
            return items;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static int Number(string[] args, int place, int otherwise) =>
        args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
}

using System.Diagnostics;
using MedGenCluster.Client.Demo;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Silo;

namespace MedGenCluster.Benchmarks.Pipeline;

/// <summary>CPU of the whole demo crawl against the sum of the parts that nobody can avoid: the programs that decode, encode and read text, and the model runs alone.</summary>
internal static class PipelineBenchmark
{
    private const double Limit = 1.3;

    /// <param name="args">The model pack's folder; then, if wanted, a channel that is there already.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var pack = args.Length > 0 ? args[0] : Path.Combine("models", "demo");
        var folder = Directory.CreateTempSubdirectory("medgen-pipeline-").FullName;
        try
        {
            var channel = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(folder, "channel");
            if (args.Length < 2)
            {
                await DemoChannel.RenderAsync(channel, Path.Combine(folder, "truth.json"), 7);
            }

            await using var host = CurationHost.Open(new HostOptions { DataPath = Path.Combine(folder, "data"), ModelsPath = pack });
            await host.SubmitAsync("benchmark", new SourceSpec("folder", channel), new CurationOptions());
            var watch = Stopwatch.StartNew();
            var own = CpuClock.Own;
            await using (var engine = await host.CreateEngineAsync(CancellationToken.None))
            {
                await engine.RunAsync(untilIdle: true, CancellationToken.None);
            }

            own = CpuClock.Own - own;
            var wall = watch.Elapsed;
            Report(host, pack, own, wall);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(CurationHost host, string pack, double own, TimeSpan wall)
    {
        var programs = host.Processes.Totals;
        var outside = programs.Values.Sum(program => program.CpuSeconds);
        var models = ModelSeconds(host, pack);
        var total = own + outside;
        Console.WriteLine(FormattableString.Invariant($"the demo crawl: {total:F1} CPU seconds in {wall.TotalSeconds:F1} s"));
        foreach (var (name, totals) in programs.OrderByDescending(pair => pair.Value.CpuSeconds))
        {
            Console.WriteLine(FormattableString.Invariant($"  {name}: {totals.CpuSeconds:F1} s in {totals.Runs} runs"));
        }

        Console.WriteLine(FormattableString.Invariant($"  the models alone, as many items in full batches: {models:F1} s"));
        Console.WriteLine(FormattableString.Invariant($"  this process, models included: {own:F1} s"));
        Ratio("programs and models", total / (outside + models));
        var tesseract = programs.Where(pair => pair.Key.Contains("tesseract", StringComparison.Ordinal)).Sum(pair => pair.Value.CpuSeconds);
        Ratio("programs and models, tesseract left out on both sides", (total - tesseract) / (outside - tesseract + models));
    }

    private static void Ratio(string name, double ratio) =>
        Console.WriteLine(FormattableString.Invariant($"  against {name}: ratio {ratio:F3} (limit {Limit})  {(ratio <= Limit ? "ok" : "OVER")}"));

    /// <summary>CPU of a bare loop over full batches for as many items as the crawl gave each model.</summary>
    private static double ModelSeconds(CurationHost host, string packFolder)
    {
        var frames = host.Ledger.Items(new ItemQuery(ItemKind.Video)).Sum(video => host.Ledger.Measurements(video.Seq)[StageId.Segment]?.Scores["frames"] ?? 0);
        var clips = host.Ledger.Items(new ItemQuery(ItemKind.Clip)).Select(clip => host.Ledger.Measurements(clip.Seq)).ToList();
        var scored = clips.Count(m => m[StageId.Aesthetics] is not null);
        var judged = clips.Count(m => m[StageId.TechnicalQuality] is not null);
        var pack = ModelPack.Load(packFolder);
        var runtime = InferenceRuntime.TryCreate(new InferenceOptions { IntraOpThreads = 1 }, out var none) ?? throw new InvalidOperationException(none);
        return Run(ModelRoles.ClipVision, (int)frames + (5 * scored), 16) + Run(ModelRoles.FrameClassifier, (int)frames, 16)
            + Run(ModelRoles.DoverTechnical, 3 * judged, 3) + Run(ModelRoles.DoverAesthetic, judged, 1);

        double Run(string role, int items, int batch)
        {
            var entry = pack[role];
            using var session = runtime.OpenChecked(pack, entry);
            var (input, output) = (entry.Inputs[0], entry.Outputs[0]);
            long[] inShape = [batch, .. input.Shape.Skip(1).Select(axis => (long)axis.Size!)];
            long[] outShape = [batch, .. output.Shape.Skip(1).Select(axis => (long)axis.Size!)];
            var inputs = new float[inShape.Aggregate((a, b) => a * b)];
            var outputs = new float[outShape.Aggregate((a, b) => a * b)];
            session.Run(input.Name, inputs, inShape, output.Name, outputs, outShape);
            var before = CpuClock.Own;
            for (var done = 0; done < items; done += batch)
            {
                session.Run(input.Name, inputs, inShape, output.Name, outputs, outShape);
            }

            return CpuClock.Own - before;
        }
    }
}

using System.Diagnostics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;

namespace MedGenCluster.Simulation;

/// <summary>A stage that takes its time and measures one number.</summary>
/// <param name="silo">Name of the silo, for switches.</param>
/// <param name="watch">Told of every item, or null.</param>
/// <param name="media">Where clips have media, or null.</param>
public sealed class SimulatedStage<TWork>(SimulationPlan plan, StageId id, Resource needs, string silo, Func<TWork, string> name, TimeProvider time, IStageWatch? watch, SimulatedMedia? media) : IStage<TWork>
{
    private static readonly Dictionary<string, double> Scores = new() { ["score"] = 1 };

    public StageId Id => id;

    public int Version => 1;

    public string ModelVersion => "simulated@1";

    public Resource Needs => needs;

    public int BatchSize => plan.Batch;

    public async Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> batch, CancellationToken cancellationToken)
    {
        foreach (var work in batch)
        {
            watch?.Began(id, name(work));
        }

        if (plan.Diaries is { } diaries)
        {
            Diary.Write(Path.Combine(diaries, silo), batch.Select(work => $"{id.Name()} {name(work)}"));
        }

        if (needs == Resource.Gpu && IsOn("hang-" + silo))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }

        var longest = TimeSpan.Zero;
        foreach (var work in batch)
        {
            var duration = plan.Duration(id, name(work));
            longest = duration > longest ? duration : longest;
        }

        if (longest > TimeSpan.Zero && !IsOn("hurry"))
        {
            await Task.Delay(longest, time, cancellationToken).ConfigureAwait(false);
        }

        var results = new StageResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = await MeasureAsync(batch[i], cancellationToken).ConfigureAwait(false);
            watch?.Ended(id, name(batch[i]));
        }

        return results;
    }

    public Verdict Decide(IMeasurements measurements, CurationOptions options) =>
        measurements[id]!.Scores["score"] > 0 ? Verdict.Pass(1, 0) : Verdict.Reject("simulated-rejection", 0, 0);

    private bool IsOn(string name) => plan.Switches is { } switches && File.Exists(Path.Combine(switches, name));

    private async Task<StageResult> MeasureAsync(TWork work, CancellationToken cancellationToken)
    {
        var item = name(work);
        if (plan.IsPoisoned(id, item))
        {
            using var worker = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "kill -s SEGV $$"]))!;
            await worker.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new StageResult.Failed($"the worker crashed (exit code {worker.ExitCode})", Retryable: true);
        }

        MediaRef? stored = null;
        if (media is not null && work is ClipWork clip)
        {
            if (id == StageId.Cut)
            {
                stored = await media.StoreAsync(item, cancellationToken).ConfigureAwait(false);
            }
            else if (await media.FaultAsync(item, clip.MediaPath, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                return new StageResult.Failed(fault, Retryable: false);
            }
        }

        return new StageResult.Measured(
            new Measurement(id, 1, ModelVersion, plan.Passes(id, item) ? Scores : new Dictionary<string, double> { ["score"] = 0 }), stored, Clips: id == StageId.Segment ? plan.PlanOf(item) : null);
    }
}

/// <summary>Every stage of the pipeline, simulated, with the resources that the real ones need.</summary>
public static class SimulatedStages
{
    public static Resource Needs(StageId stage) => stage switch
    {
        StageId.Segment or StageId.Aesthetics or StageId.TechnicalQuality => Resource.Gpu,
        StageId.Fetch => Resource.Network,
        StageId.Caption => Resource.Api,
        _ => Resource.Cpu,
    };

    public static StageCatalog Catalog(
        SimulationPlan plan, string silo, TimeProvider time, Func<StageId, Resource>? needs = null, IStageWatch? watch = null, SimulatedMedia? media = null) => new(
        StageOrder.Video.Stages.Select(stage => new SimulatedStage<VideoWork>(plan, stage, (needs ?? Needs)(stage), silo, work => work.Id.Value, time, watch, media)),
        StageOrder.Clip(StageOrderKind.Paper).Stages.Select(stage => new SimulatedStage<ClipWork>(plan, stage, (needs ?? Needs)(stage), silo, work => work.Id.Value, time, watch, media)));
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages.Cut;

namespace MedGenCluster.Curation.Stages.Aesthetics;

/// <summary>Scores of the sampled frames, in order.</summary>
public sealed record AestheticsData(IReadOnlyList<double> Frames);

/// <summary>Mean LAION aesthetic score of 5 uniformly sampled frames; below 3.0 is removed (arXiv 2507.05675 section 3.2).</summary>
public sealed class AestheticsStage(MediaTools tools, IModelCatalog models) : ItemStage<ClipWork>
{
    public const int SampledFrames = 5;

    private readonly FramePipe _pipe = new(tools);

    public override StageId Id => StageId.Aesthetics;

    public override string ModelVersion => models.ClipVision.Version + "+" + models.Aesthetic.Version;

    public override Resource Needs => Resource.Gpu;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        double score = Own(measurements).Scores["aesthetic"];
        double least = options.Aesthetics.MinScore;
        return score < least ? Verdict.Reject("aesthetic-below-minimum", score, least) : Verdict.Pass(score, least);
    }

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path || CutData.Of(work.Measurements) is not { } cut)
            return new StageResult.Failed("The clip was not cut, so it cannot be scored.", Retryable: false);

        var embeddings = new List<Task<float[]>>(SampledFrames);
        FramePipeResult read;
        try
        {
            read = await _pipe.ReadAsync(path, cut.Video(), FrameSampling.Uniform(SampledFrames, cut.Frames), Embed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Task all = Task.WhenAll(embeddings);
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (read.Frames == 0 || read.Stopped)
            return new StageResult.Failed(read.Trouble ?? "The clip gave no frames.", Retryable: true);
        var scores = new List<double>(SampledFrames);
        foreach (var embedding in embeddings)
            scores.Add(Round(models.Aesthetic.Score(await embedding.ConfigureAwait(false))));
        return scores.TrueForAll(double.IsFinite)
            ? new StageResult.Measured(Measured([("aesthetic", scores.Average()), ("frames", scores.Count)], StageData.Write(new AestheticsData(scores))))
            : new StageResult.Failed("The aesthetic model answered with a number that is not finite.", Retryable: true);

        void Embed(int index, Rgb24View picture) =>
            embeddings.Add(models.ClipVision.EmbedAsync(picture, cancellationToken));
    }
}

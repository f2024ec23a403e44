using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.Curation.Stages.Aesthetics;

/// <summary>The five scores behind a clip's aesthetic score.</summary>
internal sealed record AestheticFrames(IReadOnlyList<double> Scores);

/// <summary>LAION aesthetic score, the mean of 5 uniform frames; below 3.0 is removed (arXiv 2507.05675 section 3.2).</summary>
public sealed class AestheticsStage(MediaTools tools, IModelCatalog models) : ItemStage<ClipWork>
{
    private const int Frames = 5;

    private readonly ClipFrames _clips = new(tools);

    public override StageId Id => StageId.Aesthetics;

    public override string ModelVersion => models.ClipVision.Version + "+" + models.Aesthetic.Version;

    public override Resource Needs => Resource.Gpu;

    public static bool Rejects(double score, AestheticsOptions options) => score < options.MinScore;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var score = Own(measurements).Scores["score"];
        return Rejects(score, options.Aesthetics)
            ? Verdict.Reject("aesthetic-below-minimum", score, options.Aesthetics.MinScore)
            : Verdict.Pass(score, options.Aesthetics.MinScore);
    }

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        var (video, frames, failure) = ClipFrames.Open(work);
        if (failure is not null)
        {
            return failure;
        }

        var pending = new List<Task<float[]>>(Frames);
        var (vision, head) = (models.ClipVision, models.Aesthetic);
        var wanted = FrameSampling.Uniform(Frames, frames);
        failure = await _clips.ReadAsync(work, video!, wanted, wanted.Indices.Count, Take, cancellationToken).ConfigureAwait(false);
        var embeddings = await Task.WhenAll(pending).ConfigureAwait(false);
        if (failure is not null)
        {
            return failure;
        }

        double[] scores = [.. embeddings.Select(embedding => Round(head.Score(embedding)))];
        return scores.All(double.IsFinite)
            ? new StageResult.Measured(Measured([("score", scores.Average())], StageData.Write(new AestheticFrames(scores))))
            : new StageResult.Failed("The aesthetic model answered with numbers that are not finite.", Retryable: true);

        void Take(int index, Rgb24View picture)
        {
            var slot = vision.Rent(cancellationToken);
            ClipPreprocessor.Write(picture, slot.Input);
            pending.Add(slot.RunAndDisposeAsync(cancellationToken));
        }
    }
}

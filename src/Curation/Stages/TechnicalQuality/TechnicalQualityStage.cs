using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Stages.Cut;
using Fusion = MedGenCluster.Curation.Quality.DoverFusion;

namespace MedGenCluster.Curation.Stages.TechnicalQuality;

/// <summary>DOVER's technical quality (arXiv 2507.05675 section 3.2). Scores: raw branches and the overall score under both calibrations.
/// The paper's literal threshold 0 lies outside the overall score's range (0,1); what cannot be scored is a failure, never a 0.</summary>
public sealed class TechnicalQualityStage(MediaTools tools, IModelCatalog models) : ItemStage<ClipWork>
{
    private readonly FramePipe _pipe = new(tools);

    public override StageId Id => StageId.TechnicalQuality;

    public override string ModelVersion => models.DoverTechnical.Version + "+" + models.DoverAesthetic.Version;

    public override Resource Needs => Resource.Gpu;

    /// <summary>Name of the overall score that the options decide by.</summary>
    public static string OverallScore(DoverFusion fusion) => fusion == DoverFusion.Corrected ? "overallCorrected" : "overallAsShipped";

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var rules = options.TechnicalQuality;
        double score = Own(measurements).Scores[OverallScore(rules.Fusion)];
        bool rejected = rules.Direction == ScoreDirection.RejectLow ? score <= rules.Threshold : score > rules.Threshold;
        return rejected
            ? Verdict.Reject(rules.Direction == ScoreDirection.RejectLow ? "technical-quality-low" : "technical-quality-high", score, rules.Threshold)
            : Verdict.Pass(score, rules.Threshold);
    }

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path || CutData.Of(work.Measurements) is not { } cut)
            return new StageResult.Failed("The clip was not cut, so it cannot be scored.", Retryable: false);
        if (Math.Min(cut.Width, cut.Height) < FragmentGrid.CellSize)
            return new StageResult.Failed($"The clip is {cut.Width}x{cut.Height}; technical quality needs at least {FragmentGrid.CellSize} pixels.", Retryable: false);

        var random = new SplitMix64(SeedOf(work.Options.TechnicalQuality.Seed, work.Id));
        var plan = DoverPlan.Create(cut.Frames, cut.Width, cut.Height, FragmentGridMode.AsShipped, random.NextBelow);
        var writer = new DoverViewWriter(plan);
        using var views = new DoverViews();
        var read = await _pipe.ReadAsync(
            path,
            cut.Video(),
            new FrameSampling.Numbers(plan.NeededFrames),
            (index, picture) => writer.Accept(plan.NeededFrames[index], picture, views.Tensors),
            cancellationToken).ConfigureAwait(false);
        if (read.Stopped || !writer.FillMissing(views.Tensors))
            return new StageResult.Failed(read.Trouble ?? "The clip gave no frames.", Retryable: true);

        var runs = await Task.WhenAll(
            models.DoverTechnical.RunAsync(views[0], cancellationToken),
            models.DoverTechnical.RunAsync(views[1], cancellationToken),
            models.DoverTechnical.RunAsync(views[2], cancellationToken),
            models.DoverAesthetic.RunAsync(views[3], cancellationToken)).ConfigureAwait(false);

        // The branches' own scores are rounded first, so that a later fusion of the stored numbers gives the stored result.
        double technical = Round(((double)runs[0][0] + runs[1][0] + runs[2][0]) / 3);
        double aesthetic = Round(runs[3][0]);
        if (!double.IsFinite(technical) || !double.IsFinite(aesthetic))
            return new StageResult.Failed("The quality model answered with a number that is not finite.", Retryable: true);
        return new StageResult.Measured(Measured(
        [
            ("technicalRaw", technical),
            ("aestheticRaw", aesthetic),
            ("overallAsShipped", Fusion.Fuse(technical, aesthetic, DoverFusionFormula.AsShipped).Overall),
            ("overallCorrected", Fusion.Fuse(technical, aesthetic, DoverFusionFormula.Corrected).Overall),
        ]));
    }

    /// <summary>Seed of a clip's random choices: the first 8 bytes, big endian, of SHA-256 over "seed:clip id".</summary>
    internal static ulong SeedOf(long seed, ClipId clip) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}:{clip.Value}"))));
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Stages.TechnicalQuality;

/// <summary>DOVER: three technical fragment clips and one aesthetic view of the cut clip, decoded once (arXiv 2507.05675 section 3.2).</summary>
public sealed class TechnicalQualityStage(MediaTools tools, IModelCatalog models) : ItemStage<ClipWork>, IDisposable
{
    private readonly ClipFrames _clips = new(tools);

    /// <summary>A clip takes all of its places or none: two that held half each would wait for one another.</summary>
    private readonly SemaphoreSlim _renting = new(1);

    public override StageId Id => StageId.TechnicalQuality;

    public override string ModelVersion => models.DoverTechnical.Version + "+" + models.DoverAesthetic.Version;

    public override Resource Needs => Resource.Gpu;

    public void Dispose() => _renting.Dispose();

    /// <summary>The fused score that the options choose, in (0,1).</summary>
    public static double Overall(Measurement measurement, TechnicalQualityOptions options) =>
        measurement.Scores[options.Fusion == Stages.DoverFusion.Corrected ? "overallCorrected" : "overallAsShipped"];

    public static bool Rejects(double overall, TechnicalQualityOptions options) =>
        options.Direction == ScoreDirection.RejectLow ? overall <= options.Threshold : overall > options.Threshold;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var rule = options.TechnicalQuality;
        var overall = Overall(Own(measurements), rule);
        return Rejects(overall, rule) ? Verdict.Reject("technical-quality", overall, rule.Threshold) : Verdict.Pass(overall, rule.Threshold);
    }

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        var (video, frames, failure) = ClipFrames.Open(work);
        if (failure is not null)
        {
            return failure;
        }

        var plan = DoverPlan.Create(frames, video!.Width, video.Height, FragmentGridMode.Corrected, Offsets(work).NextBelow);
        var writer = new DoverViewWriter(plan);
        var slots = new List<ITensorSlot>(4);
        try
        {
            await RentAsync(slots, cancellationToken).ConfigureAwait(false);
            failure = await _clips.ReadAsync(work, video, new FrameSampling.Numbers(plan.NeededFrames), 1, Take, cancellationToken).ConfigureAwait(false);
            if (failure is not null)
            {
                return failure;
            }

            if (!writer.FillMissing(Tensors(slots)))
            {
                return new StageResult.Failed("Too few frames of the clip could be decoded for a quality score.", Retryable: true);
            }

            var scores = await Task.WhenAll(slots.Select(slot => slot.RunAsync(cancellationToken).AsTask())).ConfigureAwait(false);
            return Fuse(scores.Take(DoverFrameIndices.Clips).Average(score => (double)score[0]), scores[^1][0]);
        }
        finally
        {
            slots.ForEach(slot => slot.Dispose());
        }

        void Take(int index, Rgb24View picture) => writer.Accept(plan.NeededFrames[index], picture, Tensors(slots));
    }

    private async Task RentAsync(List<ITensorSlot> slots, CancellationToken cancellationToken)
    {
        await _renting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var clip = 0; clip < DoverFrameIndices.Clips; clip++)
            {
                slots.Add(await models.DoverTechnical.RentAsync(cancellationToken).ConfigureAwait(false));
            }

            slots.Add(await models.DoverAesthetic.RentAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _renting.Release();
        }
    }

    private static DoverTensors Tensors(List<ITensorSlot> slots) => new(slots[0].Input, slots[1].Input, slots[2].Input, slots[3].Input);

    /// <summary>Offsets from the option's seed and the clip's name: the same clip gets the same score on every run.</summary>
    private static SplitMix64 Offsets(ClipWork work)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{work.Options.TechnicalQuality.Seed}\n{work.Id.Value}"));
        return new SplitMix64(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    private StageResult Fuse(double technical, double aesthetic)
    {
        if (!double.IsFinite(technical) || !double.IsFinite(aesthetic))
        {
            return new StageResult.Failed("The quality models answered with numbers that are not finite.", Retryable: true);
        }

        return new StageResult.Measured(Measured(
        [
            ("technicalRaw", technical),
            ("aestheticRaw", aesthetic),
            ("overallAsShipped", Quality.DoverFusion.Fuse(technical, aesthetic, DoverFusionFormula.AsShipped).Overall),
            ("overallCorrected", Quality.DoverFusion.Fuse(technical, aesthetic, DoverFusionFormula.Corrected).Overall),
        ]));
    }
}

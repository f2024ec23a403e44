using System.Text.Json.Serialization;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages.Caption;

/// <summary>A caption as it is stored.</summary>
/// <param name="Category">One of the paper's five categories, or empty where nothing tells.</param>
/// <param name="ClipSha256">The clip that was captioned.</param>
/// <param name="FrameTimes">Times of the frames that the captioner saw, seconds from the clip's start; empty for one that saw none.</param>
/// <param name="Binding"><see cref="CaptionBinding.Compute"/> over all of this.</param>
public sealed record CaptionData(
    string Detailed, string Brief, string Category, string Model, string PromptHash, string ClipSha256, IReadOnlyList<double> FrameTimes, string Binding)
{
    private const string EditedMark = ", edited by hand";

    /// <summary>A clip's caption; null where nobody captioned it, or the captioner refused.</summary>
    public static CaptionData? Of(IMeasurements measurements) => Of(measurements[StageId.Caption]);

    /// <inheritdoc cref="Of(IMeasurements)"/>
    /// <param name="measured">The caption stage's measurement, or null.</param>
    public static CaptionData? Of(Measurement? measured) => measured is null || CaptionStage.IsRefused(measured) ? null : StageData.Read<CaptionData>(measured);

    /// <summary>The words under which the clip is found.</summary>
    [JsonIgnore]
    public string SearchText => Brief + " " + Detailed;

    /// <summary>Lengths of the texts, words, under the names of the stage's scores.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> WordCounts => new Dictionary<string, double> { ["detailedWords"] = Words(Detailed), ["briefWords"] = Words(Brief) };

    /// <summary>The caption with a person's texts, bound to the same clip and inputs. The captioner's name says so.</summary>
    public CaptionData Edited(string brief, string detailed)
    {
        var model = Model.EndsWith(EditedMark, StringComparison.Ordinal) ? Model : Model + EditedMark;
        return this with
        {
            Brief = brief, Detailed = detailed, Model = model, Binding = CaptionBinding.Compute(ClipSha256, FrameTimes, PromptHash, model, brief, detailed),
        };
    }

    /// <summary>A caption from its stored JSON.</summary>
    public static CaptionData Read(string data) => StageData.Read<CaptionData>(data);

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}

/// <summary>Detailed and brief caption of a clip (arXiv 2507.05675 section 3.3). A refusal rejects the clip; a truncated or garbled answer fails it.</summary>
/// <param name="captioner">The captioner that a job's options name; the same one for the same options.</param>
public sealed class CaptionStage(MediaTools tools, Func<CaptionOptions, ICaptioner> captioner) : ItemStage<ClipWork>
{
    private const int Frames = 8;

    public override StageId Id => StageId.Caption;

    public override Resource Needs => Resource.Api;

    public static bool IsRefused(Measurement measured) => measured.Scores.GetValueOrDefault("refused") > 0;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options) =>
        IsRefused(Own(measurements)) ? Verdict.Reject("caption-refused") : Verdict.Pass();

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.Media is not { } media)
        {
            return new StageResult.Failed("The clip was not cut, so it cannot be captioned.", Retryable: false);
        }

        var author = captioner(work.Options.Caption);
        double[] times = [];
        ProbedVideo? video = null;
        var frames = 0;
        if (author.NeedsFrames)
        {
            (video, frames, var failure) = ClipFrames.Open(work);
            if (failure is not null)
            {
                return failure;
            }

            times = [.. FrameSampling.Uniform(Frames, frames).Indices.Select(index => Round(index / video!.AverageRate.PerSecond))];
        }

        var request = new CaptionRequest(work.Id.Value, work.Video.Metadata.Title, work.Video.Metadata.Description, work.Transcript)
        {
            DurationSeconds = work.Interval.DurationSeconds,
            Visuals = Visuals(work),
            Frames = video is null ? null : token => JpegFrames.ReadAsync(tools, work.MediaPath!, FrameSampling.Uniform(Frames, frames), token),
        };
        return await author.CaptionAsync(request, cancellationToken).ConfigureAwait(false) switch
        {
            CaptionResult.Captioned caption => Captioned(work, caption, author.Version, media.Sha256, times),
            CaptionResult.Refused refused => new StageResult.Measured(
                new Measurement(Id, Version, author.Version, new Dictionary<string, double> { ["refused"] = 1 }, StageData.Write(refused))),
            CaptionResult.Truncated truncated => new StageResult.Failed($"The caption ran into its length limit after {truncated.Text.Length} characters.", Retryable: true),
            CaptionResult.Failed failed => new StageResult.Failed(failed.Reason, failed.Retryable),
            var other => throw new InvalidOperationException($"The captioner answered {other}."),
        };
    }

    private StageResult.Measured Captioned(ClipWork work, CaptionResult.Captioned caption, string author, string sha256, double[] times)
    {
        var category = (caption.Category ?? CategoryRule.Classify(work.Video.Metadata.Title, work.Video.Metadata.Description, work.Transcript))?.Name() ?? "";
        var binding = CaptionBinding.Compute(sha256, times, caption.PromptHash, caption.Model, caption.Brief, caption.Detailed);
        var data = new CaptionData(caption.Detailed, caption.Brief, category, caption.Model, caption.PromptHash, sha256, times, binding);
        var scores = new Dictionary<string, double>(data.WordCounts) { ["refused"] = 0 };
        return new StageResult.Measured(new Measurement(Id, Version, author, scores, StageData.Write(data)));
    }

    private static VisualStatistics? Visuals(ClipWork work) => work.Measurements[StageId.Cut]?.Scores is { } cut
        && cut.TryGetValue("motion", out var motion) && cut.TryGetValue("brightness", out var brightness) && cut.TryGetValue("colourfulness", out var colourfulness)
            ? new VisualStatistics(motion, brightness, colourfulness)
            : null;
}

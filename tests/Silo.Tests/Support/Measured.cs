using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Stages.Segment;
using MedGenCluster.Curation.Stages.Subtitles;

namespace MedGenCluster.Silo.Tests.Support;

/// <summary>What the stages are to say of a clip.</summary>
/// <param name="StopAt">The clip waits at this stage, or fails there; null where it comes to an end by its scores.</param>
/// <param name="Fails">It fails at <paramref name="StopAt"/>.</param>
/// <param name="Media">The file: <c>film</c>, <c>broken</c>, or <c>lost</c>.</param>
internal sealed record ClipStory(
    string Brief = "A patient waits.", double Border = 0, int Words = 0, double Aesthetic = 5, double Technical = 0.8, bool Refused = false, StageId? StopAt = null, bool Fails = false,
    string Media = "film", string Category = "teaching");

/// <summary>Measurements in the shapes that the stages write.</summary>
internal static class Measured
{
    public const int Frames = 50;
    public const string Model = "tests@1";

    private const int Seconds = 7;

    /// <summary>A video with this many clips of 7 seconds each.</summary>
    public static Measurement Segment(int clips)
    {
        var medical = Enumerable.Repeat(1.0, clips * (Seconds + 1)).ToList();
        var similarity = Enumerable.Range(0, medical.Count - 1).Select(k => k % (Seconds + 1) == Seconds ? 0.1 : 0.95).ToList();
        return Of(StageId.Segment, [("frames", medical.Count), ("clips", clips)], StageData.Write(new FrameSeries(medical, similarity, medical.Count)));
    }

    public static Measurement OfVideo(StageId stage, int clips, double shortSide) => stage switch
    {
        StageId.Screen => Of(stage, [("live", 0), ("durationSeconds", 120)]),
        StageId.Fetch => Of(stage, [("bytes", 1000), ("refused", 0)], StageData.Write(new FetchedFile(1000, new string('a', 64), DateTimeOffset.UnixEpoch))),
        StageId.Probe => Of(stage, [("live", 0), ("videoStreams", 1), ("durationSeconds", 120), ("shortSide", shortSide), ("longSide", 1920), ("width", 1920), ("height", shortSide)]),
        _ => Segment(clips),
    };

    public static Measurement OfClip(StageId stage, ClipStory story, string sha256) => stage switch
    {
        StageId.Cut => Of(stage, [("frames", Frames)], StageData.Write(new CutData(128, 96, new FrameRate(25, 1), Frames, 2, 100_000, 1, [], ""))),
        StageId.Caption when story.Refused => Of(stage, [("refused", 1)], """{"reason":"no"}"""),
        StageId.Caption => Of(stage, [("refused", 0)], StageData.Write(Caption(story, sha256))),
        StageId.Borders => Of(stage, [("top", story.Border), ("bottom", 0), ("left", 0), ("right", 0)]),
        StageId.Subtitles => Of(stage, [("words", story.Words), ("frames", 5)], StageData.Write(new SubtitlesData([[.. Enumerable.Repeat(new RecognisedWord("word", 90, 100), story.Words)]]))),
        StageId.Aesthetics => Of(stage, [("score", story.Aesthetic)]),
        StageId.TechnicalQuality => Of(stage, [("technicalRaw", 0), ("aestheticRaw", 0), ("overallAsShipped", story.Technical), ("overallCorrected", story.Technical)]),
        _ => Of(stage, []),
    };

    private static CaptionData Caption(ClipStory story, string sha256)
    {
        var detailed = story.Brief + " Long text with <script>alert('x')</script>, \"quotes\" & more.";
        var (model, prompt) = ("template", new string('b', 64));
        return new CaptionData(detailed, story.Brief, story.Category, model, prompt, sha256, [], CaptionBinding.Compute(sha256, [], prompt, model, story.Brief, detailed));
    }

    private static Measurement Of(StageId stage, (string Name, double Value)[] scores, string? data = null) =>
        new(stage, 1, Model, scores.ToDictionary(score => score.Name, score => score.Value), data);
}

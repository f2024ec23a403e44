using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Subtitles;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Subtitles;

public sealed class SubtitlesStageTests : IDisposable
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"];
    private static readonly CurationOptions FullSize = new() { Probe = new() { MinShortSide = 90 } };
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Burned_in_sentences_are_rejected_with_their_words()
    {
        var path = await MediaLab.MakeAsync(
            "subtitled.mp4",
            ["-f", "lavfi", "-i", "color=c=0x305060:s=720x480:r=10:d=2,drawtext=text='The surgeon makes a small incision':fontcolor=white:fontsize=32:x=60:y=400", .. H264]);

        var measured = await MeasureAsync(path);

        var verdict = StageLab.Decide(Stage(), measured, FullSize);
        Assert.Equal((false, "burned-in-text", 20.0), (verdict.Passed, verdict.Reason, verdict.Threshold));
        Assert.InRange(verdict.Score!.Value, 23, 27);
        Assert.Equal(5, measured.Scores["frames"]);
        Assert.InRange(measured.Scores["textAreaRatio"], 0.005, 0.1);
        Assert.Contains("surgeon", measured.Data, StringComparison.Ordinal);
        Assert.Empty(_store.Leftovers);
    }

    [Fact]
    public async Task A_clean_picture_passes()
    {
        var path = await MediaLab.MakeAsync("clean.mp4", ["-f", "lavfi", "-i", "gradients=s=720x480:r=10:d=2:seed=3", .. H264]);

        var measured = await MeasureAsync(path);

        Assert.InRange(measured.Scores["words"], 0, 2);
        Assert.True(StageLab.Decide(Stage(), measured, FullSize).Passed);
    }

    [Fact]
    public void Twenty_words_pass_and_one_more_does_not_and_single_letters_are_no_words()
    {
        Assert.True(Decide(20, 90).Passed);
        Assert.Equal((false, 21.0), (Decide(21, 90).Passed, Decide(21, 90).Score));
        Assert.True(Decide(40, 49).Passed);

        Verdict Decide(int words, double confidence)
        {
            RecognisedWord[] noise = [new("a", 99, 10), new("|", 99, 10), new("42", 99, 10)];
            var frame = Enumerable.Range(0, words).Select(_ => new RecognisedWord("word", confidence, 100)).Concat(noise).ToList();
            return StageLab.Decide(
                Stage(), new Measurement(StageId.Subtitles, 1, "", Measurement.NoScores, StageData.Write(new SubtitlesData([frame]))), FullSize);
        }
    }

    [Fact]
    public async Task A_missing_recogniser_is_a_failure_that_names_it()
    {
        var tools = new MediaTools(new ProcessRunner(TimeProvider.System, new()), new MediaToolOptions { Tesseract = "no-tesseract" });
        var clip = await StageLab.CutAsync(await MediaLab.PatternAsync("words.mp4", "192x128", 10, 2, H264), 0, 1.5, _store);

        var failed = await StageLab.FailedAsync(new SubtitlesStage(tools, _store), clip);

        Assert.Contains("'no-tesseract' was not found", failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.Retryable);
        Assert.Empty(_store.Leftovers);
    }

    private SubtitlesStage Stage() => new(MediaLab.Tools, _store);

    private async Task<Measurement> MeasureAsync(string path) =>
        (await StageLab.MeasuredAsync(Stage(), await StageLab.CutAsync(path, 0, 1.8, _store, FullSize))).Measurement;
}

using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Stages.Cut;

namespace MedGenCluster.Curation.Stages.Subtitles;

/// <summary>Words on the sampled frames.</summary>
/// <param name="Frames">Words by frame, the surest first, at most <see cref="SubtitlesStage.MaxStoredWords"/> for each.</param>
public sealed record SubtitlesData(IReadOnlyList<IReadOnlyList<RecognisedWord>> Frames);

/// <summary>Removes clips with burned-in text: more than 20 words over 5 uniformly sampled frames (arXiv 2507.05675 section 3.2).
/// One run of the recogniser reads all five.</summary>
public sealed class SubtitlesStage(MediaTools tools, IMediaStore store) : ItemStage<ClipWork>
{
    public const int SampledFrames = 5;

    public const int MaxStoredWords = 100;

    private readonly FramePipe _pipe = new(tools);

    public override StageId Id => StageId.Subtitles;

    public override Resource Needs => Resource.Cpu;

    /// <summary>Words that the recogniser is sure enough of, over all frames.</summary>
    public static int Words(Measurement measured, SubtitlesOptions options)
    {
        var data = StageData.Read<SubtitlesData>(measured) ?? throw new InvalidOperationException("The measurement holds no words.");
        return data.Frames.Sum(frame => frame.Count(word => word.IsWord && word.Confidence >= options.MinConfidence));
    }

    public static bool Rejects(int words, SubtitlesOptions options) => words > options.MaxWords;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var rules = options.Subtitles;
        int words = Words(Own(measurements), rules);
        return Rejects(words, rules) ? Verdict.Reject("burned-in-text", words, rules.MaxWords) : Verdict.Pass(words, rules.MaxWords);
    }

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path || CutData.Of(work.Measurements) is not { } cut)
            return new StageResult.Failed("The clip was not cut, so it cannot be read.", Retryable: false);

        var pictures = new List<string>();
        try
        {
            var read = await _pipe.ReadAsync(path, cut.Video(), FrameSampling.Uniform(SampledFrames, cut.Frames), Keep, cancellationToken).ConfigureAwait(false);
            if (read.Frames == 0 || read.Stopped)
                return new StageResult.Failed(read.Trouble ?? "The clip gave no frames.", Retryable: true);

            // Sparse text, grey pictures, one thread; the resolution is told so that it is not guessed for each frame.
            var result = await tools.TesseractAsync(
                ["stdin", "stdout", "-l", "eng", "--psm", "11", "--dpi", "70", "-c", "tessedit_create_tsv=1"],
                string.Concat(pictures.Select(picture => picture + "\n")),
                cancellationToken).ConfigureAwait(false);
            if (!result.Succeeded)
                return new StageResult.Failed("Text recognition failed: " + FfmpegWords.Explain(result, path), Retryable: result.End != Processes.ProcessEnd.NotFound);
            var pages = TesseractTable.Parse(result.Output);
            return pages.Count == read.Frames
                ? new StageResult.Measured(Measure(pages, cut, work.Options.Subtitles))
                : new StageResult.Failed($"Text recognition read {pages.Count} of {read.Frames} frames. {result.ErrorTail}".TrimEnd(), Retryable: true);
        }
        finally
        {
            pictures.ForEach(File.Delete);
        }

        void Keep(int index, Rgb24View picture)
        {
            string file = store.NewTemporaryPath(".pgm");
            pictures.Add(file);
            WriteGrey(file, picture);
        }
    }

    private Measurement Measure(IReadOnlyList<IReadOnlyList<RecognisedWord>> pages, CutData cut, SubtitlesOptions options)
    {
        var kept = pages.Select(page => page.OrderByDescending(word => word.Confidence).Take(MaxStoredWords).ToList()).ToList();
        var sure = kept.SelectMany(page => page).Where(word => word.IsWord && word.Confidence >= options.MinConfidence).ToList();
        return Measured(
            [
                ("words", sure.Count),
                ("frames", pages.Count),
                ("textAreaRatio", Math.Min(1, sure.Sum(word => word.Area) / ((double)cut.Width * cut.Height * pages.Count))),
            ],
            StageData.Write(new SubtitlesData(kept)));
    }

    // Portable greymap, the cheapest format the recogniser reads.
    private static void WriteGrey(string file, Rgb24View picture)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(picture.Width * picture.Height);
        try
        {
            var luma = buffer.AsSpan(0, picture.Width * picture.Height);
            Luma.Convert(picture.Pixels, luma);
            using var stream = File.Create(file);
            stream.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"P5 {picture.Width} {picture.Height} 255\n")));
            stream.Write(luma);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

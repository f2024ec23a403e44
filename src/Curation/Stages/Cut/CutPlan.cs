using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages.Cut;

/// <summary>How one clip is cut: a single decoding run gives the encoded clip and, on standard output, preview frames of the uncropped
/// source picture for the analyses that need it.</summary>
/// <param name="Width">Of the clip, pixels, even.</param>
/// <param name="Height">Of the clip, pixels, even.</param>
/// <param name="Rate">Constant frame rate of the clip.</param>
/// <param name="Frames">Frames that the interval has at this rate.</param>
/// <param name="PreviewSize">Size of the preview frames.</param>
/// <param name="LeadSeconds">Seconds before the interval from which decoding begins, on top of the seek to a key frame.</param>
internal sealed record CutPlan(
    ProbedVideo Video, double LeadSeconds, ClipInterval Interval, CutOptions Options, int Width, int Height, FrameRate Rate, int Frames, (int Width, int Height) PreviewSize)
{
    /// <summary>Preview frames, in the middles of equal parts of the clip: about 2 a second, as the fingerprint wants them, and at least 8.</summary>
    public static int PreviewCount(ClipInterval interval) => Math.Max(8, (int)Math.Round(interval.DurationSeconds * 2));

    /// <summary>Time of a preview from the clip's start, seconds.</summary>
    public static double PreviewTime(ClipInterval interval, int index) => (index + 0.5) * interval.DurationSeconds / PreviewCount(interval);

    private int Previews => PreviewCount(Interval);

    // Without an index a seek lands on any packet, and decoding starts at the next key frame only: half a minute holds one.
    private const double LeadWithoutIndex = 30;

    private static readonly string[] WithoutIndex = ["mpegts", "mpeg", "mpegvideo", "h264", "hevc", "ogg", "flv", "dv"];

    private const double ToleranceSeconds = FilterGraph.ToleranceMicroseconds / 1e6;

    public static CutPlan For(ProbedMedia media, ClipInterval interval, CutOptions options, int maxPreviewSide)
    {
        var video = media.Video ?? throw new ArgumentException("Only media with a video stream can be cut.", nameof(media));
        double lead = WithoutIndex.Intersect(media.Container.Split(',')).Any() ? Math.Min(LeadWithoutIndex, interval.StartSeconds) : 0;
        var rate = video.ConstantRate;
        var (width, height) = options.KeepResolution ? (video.Width, video.Height) : (options.Width, options.Height);
        int frames = (int)Math.Round(interval.DurationSeconds * rate.PerSecond);
        return new CutPlan(video, lead, interval, options, Math.Max(2, width & ~1), Math.Max(2, height & ~1), rate, Math.Max(1, frames), video.SizeWithin(maxPreviewSide));
    }

    /// <summary>Options before the input. Frames on a regular grid are taken as they are, from the first one of the interval. Irregular ones are
    /// resampled, and the one on display at the start may begin earlier: then all from the last key frame on are decoded.</summary>
    public IReadOnlyList<string> InputOptions => Video.LooksVariable
        ? ["-noaccurate_seek", "-ss", Seconds(Interval.StartSeconds - LeadSeconds)]
        : ["-ss", Seconds(Math.Max(0, Interval.StartSeconds - LeadSeconds - ToleranceSeconds)), "-t", Seconds(LeadSeconds + Interval.DurationSeconds - StartTolerance)];

    /// <summary>Filter graph with the outputs [clip] and [previews].</summary>
    public string Graph
    {
        get
        {
            // 8 frames in D milliseconds, each in the middle of its part.
            string previewRate = Text($"{Previews * 1000}/{Interval.EndMilliseconds - Interval.StartMilliseconds}");
            int half = (int)((Interval.EndMilliseconds - Interval.StartMilliseconds) * 1000 / (2 * Previews));
            IEnumerable<string> align = Video.LooksVariable
                ? LeadSeconds > 0 ? ["settb=1/1000000", Text($"setpts=PTS-{Math.Round(LeadSeconds * 1e6)}")] : []
                : LeadSeconds > 0 ? ["trim=start=" + Seconds(LeadSeconds - StartTolerance), "setpts=PTS-STARTPTS"] : ["setpts=PTS-STARTPTS"];
            IEnumerable<string> rate = Video.LooksVariable
                ? [.. FilterGraph.HoldAt(Rate.ToString(), FilterGraph.ToleranceMicroseconds), Text($"trim=end_frame={Frames}")]
                : [$"fps=fps={Rate}"];
            string head = FilterGraph.Join(FilterGraph.Deinterlace(Video), align, ["split"]);
            string clip = FilterGraph.Join(rate, Frame(), ["setsar=1", "format=yuv420p"]);
            string previews = FilterGraph.Join(FilterGraph.HoldAt(previewRate, FilterGraph.ToleranceMicroseconds + half), [Text($"trim=end_frame={Previews}")], FilterGraph.Rgb(PreviewSize));
            return $"[0:V:0]{head}[a][b];[a]{clip}[clip];[b]{previews}[previews]";
        }
    }

    /// <summary>Encoding of the clip: nothing in the file depends on time, machine load or the tool's version string.</summary>
    public IReadOnlyList<string> Encoding =>
    [
        "-c:v", "libx264", "-preset", Options.Preset, "-crf", Text($"{Options.Crf}"), "-threads", "1", "-fps_mode", "passthrough",
        "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4",
    ];

    // At the very start of the video there is nothing earlier to seek to.
    private double StartTolerance => Interval.StartSeconds - LeadSeconds < ToleranceSeconds ? ToleranceSeconds : 0;

    // Cover the clip's frame with the picture, then crop the middle; a kept resolution loses at most one odd row and column.
    private IEnumerable<string> Frame()
    {
        double scale = Options.KeepResolution ? 1 : Math.Max((double)Width / Video.Width, (double)Height / Video.Height);
        int width = Math.Max(Width, (int)Math.Round(Video.Width * scale));
        int height = Math.Max(Height, (int)Math.Round(Video.Height * scale));
        return [Text($"scale={width}:{height}"), Text($"crop={Width}:{Height}")];
    }

    private static string Seconds(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

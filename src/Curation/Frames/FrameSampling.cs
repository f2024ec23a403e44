using System.Globalization;

namespace MedGenCluster.Curation.Frames;

/// <summary>Which frames of a video are wanted.</summary>
public abstract record FrameSampling
{
    private FrameSampling()
    {
    }

    /// <summary>Frame k is the picture that is on display at k seconds: the last one whose time stamp is not later (2 ms are forgiven, as
    /// containers round time stamps to milliseconds).</summary>
    public sealed record EachSecond : FrameSampling;

    /// <summary>The frames with these numbers, ascending and distinct, counted from 0 in display order.</summary>
    public sealed record Numbers(IReadOnlyList<int> Indices) : FrameSampling;

    /// <summary><paramref name="count"/> frames in the middles of equal parts of a video of <paramref name="total"/> frames: floor((m + 0.5) total / count).
    /// Fewer where the video has fewer.</summary>
    public static Numbers Uniform(int count, int total) =>
        new([.. Enumerable.Range(0, count).Select(m => (int)((2L * m + 1) * total / (2L * count))).Distinct()]);
}

/// <summary>Builds ffmpeg filter graphs.</summary>
internal static class FilterGraph
{
    /// <summary>Fields are woven into full pictures only where the stream was coded as fields, and only in frames that say so.</summary>
    public static IEnumerable<string> Deinterlace(ProbedVideo video) =>
        video.Interlaced ? ["bwdif=mode=send_frame:parity=auto:deint=interlaced"] : [];

    /// <summary>Sample-and-hold on a grid of times that begins at 0: output k is the last picture that began at or before k / rate
    /// (plus the tolerance). The time base is refined first, since shifting by 2 ms in one of 1/25 s would be a whole frame.</summary>
    public static IEnumerable<string> HoldAt(string rate, int offsetMicroseconds) =>
    [
        "settb=1/1000000",
        string.Create(CultureInfo.InvariantCulture, $"setpts=PTS-{offsetMicroseconds}"),
        $"fps=fps={rate}:round=up:start_time=0",
    ];

    /// <summary>Time stamps that lie this much after an instant still count as being at it.</summary>
    public const int ToleranceMicroseconds = 2000;

    /// <summary>Square pixels of 8-bit RGB in exactly this size.</summary>
    public static IEnumerable<string> Rgb((int Width, int Height) size) =>
        [string.Create(CultureInfo.InvariantCulture, $"scale={size.Width}:{size.Height}"), "format=rgb24"];

    public static string Join(params IEnumerable<string>[] parts) => string.Join(',', parts.SelectMany(part => part));

    public static IEnumerable<string> Select(IEnumerable<int> indices) =>
        ["select='" + string.Join('+', Runs(indices).Select(Term)) + "'"];

    // Numbers that follow each other with a constant step are one comparison: an expression of hundreds of terms is slow on each frame.
    private static IEnumerable<(int First, int Last)> Runs(IEnumerable<int> indices)
    {
        (int First, int Last)? run = null;
        foreach (int index in indices)
        {
            if (run is { } open && index == open.Last + 1)
            {
                run = (open.First, index);
                continue;
            }

            if (run is { } done)
                yield return done;
            run = (index, index);
        }

        if (run is { } last)
            yield return last;
    }

    private static string Term((int First, int Last) run) => run.First == run.Last
        ? string.Create(CultureInfo.InvariantCulture, $"eq(n,{run.First})")
        : string.Create(CultureInfo.InvariantCulture, $"between(n,{run.First},{run.Last})");
}

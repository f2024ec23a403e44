using System.Globalization;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>Whether the trainer takes a clip.</summary>
/// <param name="Reasons">Limits that the clip is outside of; empty if it is taken.</param>
/// <param name="UsableFrames">Frames of the clip that are listed: the longest prefix of 4k + 1 frames when trimming, else all.</param>
/// <param name="DurationSeconds">Seconds of the usable frames, such that ceil(fps * duration) is exactly their number.</param>
internal sealed record TrainerCheck(IReadOnlyList<string> Reasons, int UsableFrames, double DurationSeconds)
{
    /// <summary>Holds a clip against the limits. Resampling takes frame floor(k * fps / trainFps) for k = 0, 1, ... while it is inside
    /// the clip, as FastVideo's preprocessing does.</summary>
    public static TrainerCheck Of(ExportClip clip, TrainerLimits limits)
    {
        var reasons = new List<string>();
        if (clip.Frames < 1 || !(clip.Fps > 0) || !double.IsFinite(clip.Fps) || clip.Width < 1 || clip.Height < 1)
            return new(["frames, frame rate or resolution are unknown"], 0, 0);

        var usable = limits.TrimTo4kPlus1 ? (clip.Frames - 1) / 4 * 4 + 1 : clip.Frames;
        var duration = Seconds(usable, clip.Fps);
        if (usable % 4 != 1)
            reasons.Add(Text($"{clip.Frames} frames are not 4k + 1"));
        if (clip.Width % limits.SideMultiple != 0 || clip.Height % limits.SideMultiple != 0)
            reasons.Add(Text($"{clip.Resolution} is not made of multiples of {limits.SideMultiple}"));

        var aspect = clip.Height / (double)clip.Width;
        var centre = limits.MaxHeight / (double)limits.MaxWidth;
        if (aspect > limits.AspectTolerance * centre || aspect < 1 / limits.AspectTolerance * centre)
            reasons.Add(Text($"height / width {aspect:0.###} is outside {centre / limits.AspectTolerance:0.###} to {centre * limits.AspectTolerance:0.###}"));
        if (usable / clip.Fps > limits.MaxSeconds)
            reasons.Add(Text($"{usable / clip.Fps:0.###} s are longer than {limits.MaxSeconds:0.###} s"));

        var resampled = (int)Math.Ceiling(usable / (clip.Fps / limits.TrainFps));
        if (resampled < limits.NumFrames)
            reasons.Add(Text($"{resampled} frames at {limits.TrainFps:0.###} fps are fewer than {limits.NumFrames}"));
        return new(reasons, usable, duration);
    }

    /// <summary>Length of so many frames, rounded down to microseconds: the trainer counts ceil(fps * duration) frames and must not count
    /// one that is not there.</summary>
    public static double Seconds(int frames, double fps)
    {
        var micros = Math.Floor(frames / fps * 1e6);
        while (Math.Ceiling(fps * (micros / 1e6)) > frames)
            micros--;
        return micros / 1e6;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

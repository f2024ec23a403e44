using System.Text.Json;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>The list that FastVideo's preprocessing reads, run from the export's folder, and the account of what the list leaves out.</summary>
internal static class FastVideoFormat
{
    public static async Task<TrainerReport> WriteAsync(
        ExportFolder folder, IReadOnlyList<PlacedClip> clips, TrainerLimits limits, CancellationToken cancellationToken)
    {
        var checks = clips.Select(c => (c.Clip, Check: TrainerCheck.Of(c.Clip, limits))).ToList();
        var listed = checks.Where(c => c.Check.Reasons.Count == 0).ToList();
        var report = new TrainerReport(
            listed.Count,
            listed.Count(c => c.Check.UsableFrames < c.Clip.Frames),
            [.. checks.Where(c => c.Check.Reasons.Count > 0).Select(c => new TrainerLeftOut(c.Clip.Id, c.Check.Reasons))]);

        var list = Json.Write(json =>
        {
            json.WriteStartArray();
            foreach (var (clip, check) in listed)
                WriteItem(json, clip, check);
            json.WriteEndArray();
        }, indented: true);
        await folder.WriteAsync(ExportLayout.TrainerList, stream => stream.WriteAsync(list, cancellationToken).AsTask(), cancellationToken);
        await folder.WriteAsync(ExportLayout.TrainerMerge, $"{ExportLayout.Videos},{ExportLayout.TrainerList}\n", cancellationToken);
        var account = Json.Write(json => WriteChecks(json, limits, report), indented: true);
        await folder.WriteAsync(ExportLayout.TrainerChecks, stream => stream.WriteAsync(account, cancellationToken).AsTask(), cancellationToken);
        return report;
    }

    // The trainer joins the media folder of merge.txt with the path, and draws one of the captions for each sample.
    private static void WriteItem(Utf8JsonWriter json, ExportClip clip, TrainerCheck check)
    {
        json.WriteStartObject();
        json.WriteString("path", clip.Id.Value + ".mp4");
        json.WriteStartObject("resolution");
        json.WriteNumber("width", clip.Width);
        json.WriteNumber("height", clip.Height);
        json.WriteEndObject();
        json.Real("fps", clip.Fps);
        json.Real("duration", check.DurationSeconds);
        json.WriteNumber("frames", clip.Frames);
        json.WriteNumber("usable_frames", check.UsableFrames);
        json.WriteStartArray("cap");
        foreach (var caption in new[] { clip.DetailedCaption, clip.BriefCaption }.Where(c => c.Length > 0).Distinct())
            json.WriteStringValue(caption);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteChecks(Utf8JsonWriter json, TrainerLimits limits, TrainerReport report)
    {
        json.WriteStartObject();
        json.WriteStartObject("limits");
        json.WriteNumber("num_frames", limits.NumFrames);
        json.Real("train_fps", limits.TrainFps);
        json.WriteNumber("max_height", limits.MaxHeight);
        json.WriteNumber("max_width", limits.MaxWidth);
        json.Real("aspect_tolerance", limits.AspectTolerance);
        json.Real("video_length_tolerance_range", limits.LengthTolerance);
        json.Real("longest_seconds", limits.MaxSeconds);
        json.WriteNumber("side_multiple", limits.SideMultiple);
        json.WriteBoolean("trim_to_4k_plus_1", limits.TrimTo4kPlus1);
        json.WriteEndObject();
        json.WriteNumber("listed", report.Listed);
        json.WriteNumber("trimmed", report.Trimmed);
        json.WriteStartArray("left_out");
        foreach (var item in report.LeftOut)
        {
            json.WriteStartObject();
            json.WriteString("clip_id", item.Clip.Value);
            json.WriteStartArray("reasons");
            foreach (var reason in item.Reasons)
                json.WriteStringValue(reason);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

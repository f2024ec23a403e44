using System.Globalization;
using System.Text.Json;

namespace MedGenCluster.Curation.Frames;

/// <summary>Reads the JSON that ffprobe writes.</summary>
internal static class ProbeParser
{
    public static ProbedMedia Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var format = document.RootElement.TryGetProperty("format", out var f) ? f : default;
        var streams = document.RootElement.TryGetProperty("streams", out var s) ? s.EnumerateArray().ToList() : [];
        var videos = streams.Where(IsMovingPicture).ToList();
        JsonElement? video = videos.Count > 0 ? videos[0] : null;
        return new ProbedMedia(
            Text(format, "format_name") ?? "",
            (video is { } v ? Number(v, "duration") ?? TaggedDuration(v) : null) ?? Number(format, "duration"),
            streams.Count,
            streams.Any(stream => Text(stream, "codec_type") == "audio"),
            (long?)Number(format, "bit_rate"),
            video is { } stream ? Video(stream) : null);
    }

    private static bool IsMovingPicture(JsonElement stream) =>
        Text(stream, "codec_type") == "video"
        && !(stream.TryGetProperty("disposition", out var d) && d.TryGetProperty("attached_pic", out var pic) && pic.GetInt32() == 1);

    private static ProbedVideo Video(JsonElement stream)
    {
        int width = (int)(Number(stream, "width") ?? 0);
        int height = (int)(Number(stream, "height") ?? 0);
        int rotation = Rotation(stream);
        int displayed = (int)Math.Round(width * PixelAspect(stream));
        bool turned = rotation is 90 or 270;
        string pixelFormat = Text(stream, "pix_fmt") ?? "";
        return new ProbedVideo(
            Text(stream, "codec_name") ?? "unknown",
            turned ? height : displayed,
            turned ? displayed : height,
            width,
            height,
            rotation,
            FrameRate.Parse(Text(stream, "avg_frame_rate")),
            FrameRate.Parse(Text(stream, "r_frame_rate")),
            Text(stream, "field_order") ?? "unknown",
            pixelFormat,
            (int)(Number(stream, "bits_per_raw_sample") ?? DepthOf(pixelFormat)),
            (long?)Number(stream, "nb_frames"));
    }

    private static double PixelAspect(JsonElement stream)
    {
        var parts = (Text(stream, "sample_aspect_ratio") ?? "").Split(':');
        return parts.Length == 2
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out double x)
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out double y)
            && x > 0 && y > 0
            ? x / y
            : 1;
    }

    // The display matrix turns counter-clockwise; the older "rotate" tag turns clockwise.
    private static int Rotation(JsonElement stream)
    {
        double? clockwise = null;
        if (stream.TryGetProperty("side_data_list", out var sideData))
            clockwise = -sideData.EnumerateArray().Select(item => Number(item, "rotation")).FirstOrDefault(angle => angle is not null);
        if (clockwise is null && stream.TryGetProperty("tags", out var tags))
            clockwise = Number(tags, "rotate");
        int quarters = (int)Math.Round((clockwise ?? 0) / 90);
        return ((quarters % 4) + 4) % 4 * 90;
    }

    // Matroska writes the duration of a stream as a tag: 00:01:02.345000000.
    private static double? TaggedDuration(JsonElement stream)
    {
        if (!stream.TryGetProperty("tags", out var tags) || Text(tags, "DURATION") is not { } text)
            return null;
        var parts = text.Split(':');
        return parts.Length == 3
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out double hours)
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out double minutes)
            && double.TryParse(parts[2], CultureInfo.InvariantCulture, out double seconds)
            && (hours * 60 + minutes) * 60 + seconds is > 0 and var duration
            ? duration
            : null;
    }

    private static int DepthOf(string pixelFormat) =>
        pixelFormat.Contains("10", StringComparison.Ordinal) ? 10 : pixelFormat.Contains("12", StringComparison.Ordinal) && !pixelFormat.Contains("nv12", StringComparison.Ordinal) ? 12 : 8;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;

    private static double? Number(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}

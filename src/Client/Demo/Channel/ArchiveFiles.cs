using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGenCluster.Client.Demo;

/// <summary>The files beside a video in the archive convention of yt-dlp: info.json and en.vtt.</summary>
internal static class ArchiveFiles
{
    private const string Channel = "MedGen Demo Channel";

    /// <summary>The metadata of a video as indented JSON.</summary>
    public static string Info(PlannedVideo plan, string id, int position)
    {
        var scenes = plan.Scenes();
        var date = new DateOnly(2024, 1, 8).AddDays(9 * position);
        var info = new InfoJson(
            id, plan.Title,
            string.Join(' ', scenes.Select(scene => Narration.Summary(scene.Kind)).Distinct()) + " Rendered for the demo channel; no real patient is shown.",
            Channel, "UCdemoMedGenChannel0000A", Channel, "https://videos.example/channel/UCdemoMedGenChannel0000A",
            $"https://videos.example/watch?v={id}", "Creative Commons Attribution license (reuse allowed)",
            date.ToString("yyyyMMdd", CultureInfo.InvariantCulture), plan.Seconds, plan.Width, plan.Height, plan.FrameRate,
            plan.Category == "other" ? ["People & Blogs"] : ["Education", "Science & Technology"],
            [plan.Category, "medicine", "demo", .. scenes.Select(scene => scene.Kind.ToString().ToLowerInvariant()).Distinct()],
            scenes.Count > 1 ? [.. scenes.Select(scene => new Chapter(scene.Start, scene.End, scene.Kind.ToString()))] : null,
            "demo", "Demo", "en");
        return JsonSerializer.Serialize(info, DemoJson.Pretty) + "\n";
    }

    /// <summary>The transcript as WebVTT.</summary>
    public static string Transcript(PlannedVideo plan)
    {
        var text = new StringBuilder("WEBVTT\nKind: captions\nLanguage: en\n");
        foreach (var (start, end, sentence) in Cues(plan))
            text.Append(CultureInfo.InvariantCulture, $"\n{Stamp(start)} --> {Stamp(end)}\n{sentence}\n");
        return text.ToString();
    }

    /// <summary>The spoken sentences with their times in seconds; a take's last cue ends with the take.</summary>
    public static IEnumerable<(double Start, double End, string Sentence)> Cues(PlannedVideo plan)
    {
        foreach (var scene in plan.Scenes())
        {
            var count = Math.Max(1, (int)Math.Round((scene.End - scene.Start) / Narration.CueSeconds));
            var length = (scene.End - scene.Start) / count;
            for (var n = 0; n < count; n++)
                yield return (scene.Start + (n * length), scene.Start + ((n + 1) * length), Narration.Sentence(scene.Kind, n));
        }
    }

    private static string Stamp(double seconds) =>
        TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);

    private sealed record InfoJson(
        string Id, string Title, string Description, string Channel, string ChannelId, string Uploader, string ChannelUrl,
        string WebpageUrl, string License, string UploadDate, double Duration, int Width, int Height, double Fps,
        IReadOnlyList<string> Categories, IReadOnlyList<string> Tags,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Chapter>? Chapters,
        string Extractor, string ExtractorKey, string Language);

    private sealed record Chapter(double StartTime, double EndTime, string Title);
}

using System.Globalization;
using System.Text.Json;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>One row of <c>metadata.jsonl</c>. Every row of an export has the same fields in the same order, so that column readers infer
/// one schema.</summary>
internal sealed class MetadataRow
{
    private readonly string[] _scores;
    private readonly string[] _modelStages;

    public MetadataRow(IReadOnlyCollection<ExportClip> clips)
    {
        _scores = Union(clips, c => c.Scores.Keys);
        _modelStages = Union(clips, c => c.ModelVersions.Keys);
    }

    /// <summary>Name, meaning and unit of each fixed field, in order; the scores follow under their own names.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning)> Fields =
    [
        ("file_name", "path of the clip relative to this file"),
        ("clip_id", "identity of the clip: its video and its interval in milliseconds"),
        ("video_id", "identity of the source video"),
        ("brief_caption", "one sentence on what is seen"),
        ("detailed_caption", "full description of what is seen"),
        ("caption_model", "captioner that wrote both captions"),
        ("caption_binding", "SHA-256 that ties the captions to the clip, the frames, the prompt and the captioner"),
        ("category", "category of the clip"),
        ("transcript", "what is said during the clip, where the source has subtitles"),
        ("start_time", "start on the source video's timeline, seconds"),
        ("end_time", "end on the source video's timeline, seconds"),
        ("duration", "seconds"),
        ("fps", "frames per second"),
        ("frames", "decoded frames"),
        ("width", "pixels"),
        ("height", "pixels"),
        ("resolution", "width*height"),
        ("bit_rate", "bits per second of the video stream, 0 where unknown"),
        ("sha256", "SHA-256 of the clip's file"),
        ("bytes", "length of the clip's file"),
        ("source_url", "page of the source video"),
        ("title", "title of the source video"),
        ("channel", "channel of the source video"),
        ("uploader", "uploader of the source video"),
        ("licence", "licence as the source states it"),
        ("upload_date", "yyyyMMdd"),
        ("retrieved_at", "when the source video was fetched from its network, UTC; null where it was a local file"),
        ("demo", "true if models of a demo pack took part"),
        ("model_versions", "model versions by stage"),
    ];

    public IReadOnlyList<string> ScoreColumns => _scores;

    /// <summary>A score's column: its dotted name, which no fixed field can have; a name without a dot gets the prefix <c>score.</c></summary>
    public static string Column(string score) => score.Contains('.') ? score : "score." + score;

    public void Write(Utf8JsonWriter writer, ExportClip clip, string fileName)
    {
        writer.WriteStartObject();
        writer.WriteString("file_name", fileName);
        writer.WriteString("clip_id", clip.Id.Value);
        writer.WriteString("video_id", clip.VideoId.Value);
        writer.WriteString("brief_caption", clip.BriefCaption);
        writer.WriteString("detailed_caption", clip.DetailedCaption);
        writer.WriteString("caption_model", clip.CaptionModel);
        writer.WriteString("caption_binding", clip.Binding?.Value);
        writer.WriteString("category", clip.Category);
        writer.WriteString("transcript", clip.Transcript);
        writer.Real("start_time", clip.StartMs / 1000.0);
        writer.Real("end_time", clip.EndMs / 1000.0);
        writer.Real("duration", clip.DurationSeconds);
        writer.Real("fps", clip.Fps);
        writer.WriteNumber("frames", clip.Frames);
        writer.WriteNumber("width", clip.Width);
        writer.WriteNumber("height", clip.Height);
        writer.WriteString("resolution", clip.Resolution);
        writer.WriteNumber("bit_rate", clip.BitRate);
        writer.WriteString("sha256", clip.Media.Sha256);
        writer.WriteNumber("bytes", clip.Media.Length);
        writer.WriteString("source_url", clip.SourceUrl);
        writer.WriteString("title", clip.Title);
        writer.WriteString("channel", clip.Channel);
        writer.WriteString("uploader", clip.Uploader);
        writer.WriteString("licence", clip.Licence);
        writer.WriteString("upload_date", clip.UploadDate);
        writer.WriteString("retrieved_at", clip.RetrievedAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteBoolean("demo", clip.Demo);
        writer.WriteStartObject("model_versions");
        foreach (var stage in _modelStages)
            writer.WriteString(stage, clip.ModelVersions.GetValueOrDefault(stage));
        writer.WriteEndObject();
        foreach (var score in _scores)
            writer.Real(Column(score), clip.Scores.TryGetValue(score, out var value) ? value : null);
        writer.WriteEndObject();
    }

    private static string[] Union(IEnumerable<ExportClip> clips, Func<ExportClip, IEnumerable<string>> names) =>
        [.. clips.SelectMany(names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

using System.Text.Json;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>The <c>export_report.json</c> of an export: what is in it, and each clip that is not, with the reason.</summary>
internal static class ReportFormat
{
    public static Task WriteAsync(
        ExportFolder folder, string datasetName, ExportFormats formats, ExportReport report, CancellationToken cancellationToken)
    {
        var json = Json.Write(writer => Write(writer, datasetName, formats, report), indented: true);
        return folder.WriteAsync(ExportLayout.Report, stream => stream.WriteAsync(json, cancellationToken).AsTask(), cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, string datasetName, ExportFormats formats, ExportReport report)
    {
        json.WriteStartObject();
        json.WriteString("dataset", datasetName);
        json.WriteStartArray("formats");
        foreach (var format in Enum.GetValues<ExportFormats>().Where(f => f is not (ExportFormats.None or ExportFormats.All) && formats.HasFlag(f)))
            json.WriteStringValue(format.ToString());
        json.WriteEndArray();
        json.WriteNumber("clips", report.Exported);
        json.WriteNumber("media_bytes", report.MediaBytes);
        json.WriteNumber("shards", report.Shards);
        if (report.Trainer is { } trainer)
        {
            json.WriteNumber("trainer_listed", trainer.Listed);
            json.WriteNumber("trainer_left_out", trainer.LeftOut.Count);
        }

        json.WriteStartArray("left_out");
        foreach (var item in report.LeftOut)
        {
            json.WriteStartObject();
            json.WriteString("clip_id", item.Clip.Value);
            json.WriteString("reason", Name(item.Reason));
            json.WriteString("detail", item.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The reason as users read it, for example <c>caption-binding-mismatch</c>.</summary>
    public static string Name(LeftOutReason reason) =>
        string.Concat(reason.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}

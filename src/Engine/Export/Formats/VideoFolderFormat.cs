namespace MedGenCluster.Engine.Export.Formats;

/// <summary>The <c>metadata.jsonl</c> of a VideoFolder.</summary>
internal static class VideoFolderFormat
{
    public static Task WriteAsync(ExportFolder folder, IReadOnlyList<PlacedClip> clips, MetadataRow row, CancellationToken cancellationToken) =>
        folder.WriteAsync(ExportLayout.Metadata, async stream =>
        {
            foreach (var (clip, _) in clips)
                await stream.WriteAsync(Json.Write(json => row.Write(json, clip, ExportLayout.Video(clip))), cancellationToken);
        }, cancellationToken);
}

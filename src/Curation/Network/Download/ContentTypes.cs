namespace MedGenCluster.Curation.Network.Download;

/// <summary>Which announced types may be a video.</summary>
internal static class ContentTypes
{
    private static readonly HashSet<string> Vague = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/octet-stream", "binary/octet-stream", "application/binary", "application/x-binary", "application/mp4", "application/ogg", "application/x-matroska",
        "application/force-download", "application/x-download", "application/unknown", "text/plain",
    };

    /// <summary>Why a type is no video, as the end of a sentence; null where the bytes decide.</summary>
    public static string? Refuse(string? type) => type is null || type.StartsWith("video/", StringComparison.OrdinalIgnoreCase) || Vague.Contains(type)
        ? null
        : $"it is served as {type}";

    /// <summary>Whether bytes of an unknown kind pass under the type: plain text is the type that servers give what they do not know.</summary>
    public static bool NeedsSignature(string? type) => "text/plain".Equals(type, StringComparison.OrdinalIgnoreCase);
}

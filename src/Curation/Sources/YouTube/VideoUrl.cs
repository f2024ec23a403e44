namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>One video.</summary>
public sealed record VideoUrl : YouTubeUrl
{
    internal VideoUrl(string id) => Id = id;

    /// <summary>11 letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Id { get; }

    public override string Canonical => "https://www.youtube.com/watch?v=" + Id;

    /// <summary>The key of the video in a ledger: the same as an archive's sidecar gives, <c>youtube:ID</c>.</summary>
    public string Key => "youtube:" + Id;

    internal static bool IsId(string? text) => text is { Length: 11 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

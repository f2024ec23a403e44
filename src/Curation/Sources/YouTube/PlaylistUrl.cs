namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>The videos of one playlist.</summary>
public sealed record PlaylistUrl : YouTubeUrl
{
    internal PlaylistUrl(string id) => Id = id;

    public string Id { get; }

    public override string Canonical => "https://www.youtube.com/playlist?list=" + Id;
}

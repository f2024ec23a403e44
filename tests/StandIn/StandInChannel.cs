namespace MedGenCluster.StandIn;

/// <summary>What an item of a channel turns out to be when it is asked for.</summary>
public enum StandInItemKind
{
    /// <summary>A file of the site, under <see cref="StandInItem.Path"/>.</summary>
    Video,

    /// <summary>403, whoever asks.</summary>
    Private,

    /// <summary>410.</summary>
    Removed,

    /// <summary>A playlist without an end.</summary>
    Live,
}

/// <summary>An item of a channel.</summary>
/// <param name="Path">Where it is, for example <c>/videos/knee.mp4</c>.</param>
public sealed record StandInItem(
    string Id, string Path, string Title, string Description = "", DateTimeOffset? Published = null, TimeSpan? Duration = null, StandInItemKind Kind = StandInItemKind.Video);

/// <summary>A channel: an RSS 2.0 feed with enclosures at <c>/channels/NAME.rss</c>.</summary>
/// <param name="SaysCount">The number of items that the channel claims, in the feed's <c>s:count</c> element, in its description and in the header
/// <c>X-Item-Count</c>; null claims what it lists.</param>
public sealed record StandInChannel(string Name, string Title, IReadOnlyList<StandInItem> Items, int? SaysCount = null)
{
    public string Path => $"/channels/{Name}.rss";

    public int Count => SaysCount ?? Items.Count;
}

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>How an address names its channel.</summary>
public enum ChannelNaming
{
    /// <summary><c>/channel/UC...</c></summary>
    Id,

    /// <summary><c>/@name</c></summary>
    Handle,

    /// <summary><c>/c/name</c></summary>
    Custom,

    /// <summary><c>/user/name</c></summary>
    User,
}

/// <summary>Which of a channel's lists is crawled.</summary>
public enum ChannelTab
{
    Videos,
    Shorts,

    /// <summary>Recordings of live streams; running ones are listed too and marked live.</summary>
    Streams,
}

/// <summary>The uploads of one channel.</summary>
public sealed record ChannelUrl : YouTubeUrl
{
    internal ChannelUrl(ChannelNaming naming, string name, ChannelTab tab) => (Naming, Name, Tab) = (naming, name, tab);

    public ChannelNaming Naming { get; }

    /// <summary>Without <c>@</c>, not escaped.</summary>
    public string Name { get; }

    public ChannelTab Tab { get; }

    /// <summary>The address of the list itself: a bare channel address would be a list of lists.</summary>
    public override string Canonical => "https://www.youtube.com/" + Naming switch
    {
        ChannelNaming.Id => "channel/",
        ChannelNaming.Custom => "c/",
        ChannelNaming.User => "user/",
        _ => "@",
    } + Uri.EscapeDataString(Name) + "/" + Tab.ToString().ToLowerInvariant();
}

namespace MedGenCluster.Curation.Network;

/// <summary>Whose fault a failed exchange is. It decides what the failure costs: a refused machine and a broken client stand the
/// whole source still and cost no item anything; the others are the item's and spend an attempt of it.</summary>
public enum FailureKind
{
    /// <summary>The other side refuses this machine for now: 403 or 429 whatever is asked for, a request to prove that one is no robot.</summary>
    EgressBlock,

    /// <summary>This item alone: private, removed, restricted, live, a file that is not there.</summary>
    VideoSpecific,

    /// <summary>Our own client cannot do it: yt-dlp is missing, too old, or does not understand the page any more.</summary>
    ClientBroken,

    /// <summary>The way there: names that do not resolve, refused or broken connections, time-outs, 5xx.</summary>
    Network,
}

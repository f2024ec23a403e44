using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>What lists and fetches videos. Both forms are yt-dlp's, whoever the client is: entries as its flat listing writes them, files as its archives
/// have them. A client neither waits for a budget nor tries again.</summary>
public interface IYouTubeClient
{
    /// <summary>Lists what an address names without a look at each video.</summary>
    /// <param name="entry">Takes one JSON object for each entry in the list's order, with <c>ie_key</c> and <c>id</c> or <c>webpage_url</c>, <c>title</c> and what else
    /// is known, and <c>playlist_count</c> where the list says how long it is. It may block, so that a list is not read far ahead.</param>
    Task<ClientAnswer> ListAsync(string url, Action<string> entry, CancellationToken cancellationToken);

    /// <summary>Writes <see cref="FetchFiles.Info"/> of one video into a folder that exists, and nothing of its media.</summary>
    Task<ClientAnswer> DescribeAsync(string url, string folder, CancellationToken cancellationToken);

    /// <summary>Fetches one video into a folder that exists, going on with what an earlier call left there. On success <see cref="FetchFiles.Media"/> is
    /// complete, <see cref="FetchFiles.Info"/> says what is known, and subtitles lie beside as <c>media.LANGUAGE.vtt</c>.</summary>
    /// <param name="flowing">Called with each sign that the media itself is coming.</param>
    Task<ClientAnswer> FetchAsync(string url, string folder, Action flowing, CancellationToken cancellationToken);
}

/// <param name="Failure">Null on success.</param>
/// <param name="Warnings">What was lost on the way, for example subtitles.</param>
public sealed record ClientAnswer(ClientFailure? Failure, IReadOnlyList<string> Warnings)
{
    public static ClientAnswer Done { get; } = new(null, []);
}

/// <summary>Why a client brought nothing.</summary>
/// <param name="Code">Short and stable, for example <c>private</c>.</param>
/// <param name="Reason">A sentence with the client's own words, and what to do where somebody can do something.</param>
/// <param name="Permanent">Trying again is pointless.</param>
/// <param name="Throttled">The host asked for fewer requests.</param>
public sealed record ClientFailure(FailureKind Kind, string Code, string Reason, bool Permanent = false, bool Throttled = false);

/// <summary>Names in a fetch's folder. They are ours, never the network's.</summary>
public static class FetchFiles
{
    /// <summary>The media. Without an extension, as that would be the network's word.</summary>
    public const string Media = "media";

    /// <summary>What is known of it, as yt-dlp writes it.</summary>
    public const string Info = Media + ".info.json";
}

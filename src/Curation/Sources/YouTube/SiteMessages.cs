using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>What the words mean in which YouTube refuses a video, and in which yt-dlp says what went wrong. The first row with a needle that the message
/// holds decides, so the more special ones stand first. Case does not count.</summary>
public static class SiteMessages
{
    private static readonly Row[] Rows =
    [
        // This machine's own trouble hits every item alike.
        Broken("disk-full", "No space left on device", "Disk quota exceeded"),
        Broken("not-writable", "unable to open for writing", "unable to create directory", "Read-only file system", "Permission denied", "Cannot write video"),
        Broken("out-of-memory", "MemoryError", "Cannot allocate memory"),

        // Refused as a machine, not as a viewer of this video.
        Blocked("bot-check", throttled: true, "confirm you're not a bot", "confirm that you're not a bot", "confirm you are not a robot", "unusual traffic", "solve the captcha", "HTTP Error 402"),
        Blocked("rate-limited", throttled: true, "has been rate-limited", "HTTP Error 429", "Too Many Requests", "content isn't available, try again later"),

        // Before geo: "blocked it in your country on copyright grounds" is about the country.
        Item("geo-blocked", "in your country", "from your location", "in your location", "in your region", "geo restriction", "geo-restricted", "your country is not"),
        Item("private", "private video", "video is private", "playlist is private", "granted access to this video", "This list is private"),
        Item("age-restricted", "confirm your age", "age-restricted", "age restricted", "inappropriate for some users", "age verification"),
        Item("members-only", "members-only", "members only", "Join this channel", "available to this channel's members"),
        Item("paid", "requires payment", "requires purchase", "requires a purchase", "rent or buy", "rental period", "Premium members", "Music Premium", "paid subscription", "only available to subscribers"),
        Item("copyright", "copyright"),
        Item("removed", "has been removed", "removed by the uploader", "has been terminated", "account has been closed", "account is closed", "has been deleted", "been taken down",
            "no longer available", "violating YouTube's", "violation of YouTube's"),
        Item("upcoming", "Premieres in", "premiere will begin", "will begin in", "live event will begin", "will begin shortly", "Offline (expected", "Premieres shortly"),
        Item("live", "live stream recording is not available", "is currently live", "livestream is", "live stream has not", "channel is not currently live", "This live event has ended"),
        Item("drm", "DRM protected", "known to use DRM"),
        Item("login-required", "login required", "only available for registered users", "requires authentication", "Use --cookies", "HTTP Error 401", "account credentials"),

        // What is worded like a missing video, but is our reading of the page.
        Broken("formats-missing", "Only images are available", "Requested format is not available. Use --list-formats for a list of available formats; some formats may be missing"),
        Item("no-video", "Requested format is not available", "no video in this", "There's no video", "There is no video", "No media found", "does not contain a video"),

        Item("no-list", "does not have a videos tab", "does not have a shorts tab", "does not have a streams tab", "does not have a live tab", "channel has no uploads",
            "playlist does not exist", "channel does not exist", "This channel is not available", "playlist type is unviewable"),
        Item("unavailable", "Video unavailable", "video is unavailable", "video is not available", "isn't available", "is not available anymore", "does not exist",
            "HTTP Error 404", "HTTP Error 410", "This video is no longer"),

        // Forbidden last of the refusals: pages say why in words where they can.
        Blocked("forbidden", throttled: false, "HTTP Error 403", "403 Forbidden", "403: Forbidden"),

        new(new ClientFailure(FailureKind.Network, "overloaded", "", Throttled: true), ["HTTP Error 503"]),
        Net("server-error", "HTTP Error 5", "Internal Server Error", "Bad Gateway"),
        Net("timeout", "timed out", "timeout"),
        Net("name-resolution", "name resolution", "Name or service not known", "getaddrinfo", "nodename nor servname", "No address associated", "Failed to resolve", "gaierror"),
        Net("connection", "Connection refused", "Connection reset", "Connection aborted", "ConnectionResetError", "RemoteDisconnected", "closed connection",
            "Network is unreachable", "No route to host", "Broken pipe", "Unable to connect to proxy", "EOF occurred in violation of protocol", "bad handshake", "certificate verify failed",
            "SSLError", "TLSV1_ALERT", "Max retries exceeded"),
        Net("truncated", "more expected", "bytes, expected", "IncompleteRead", "Incomplete data received", "Incomplete yt initial data", "Did not get any data blocks", "content too short",
            "data blocks were not received", "fragment 1 not found", "not found, unable to continue", "Conflicting range", "downloaded file is empty"),

        // A site that changed, read by an old client.
        Broken("extractor", "nsig extraction failed", "Unable to extract", "Failed to extract", "Failed to parse JSON", "player response", "signature extraction", "Precondition check failed",
            "HTTP Error 400", "page needs to be reloaded", "No video formats found", "Unable to recognize tab page", "Unable to find selected tab", "Unable to recognize playlist",
            "An extractor error has occurred", "JavaScript runtime", "challenge solving failed", "Traceback (most recent call last)", "please report this issue", "Unable to find video ID"),
        Broken("program", "no such option", "ambiguous option", "invalid format specification", "Invalid match filter", "ModuleNotFoundError", "ImportError", "SyntaxError",
            "bad interpreter", "unsupported version of Python"),
    ];

    /// <summary>Reads a message.</summary>
    /// <returns>The failure with the message as its reason, or null where the message says nothing that is known.</returns>
    public static ClientFailure? Read(string message)
    {
        var plain = Plain(message);
        return Rows.FirstOrDefault(row => row.Needles.Any(needle => plain.Contains(needle, StringComparison.OrdinalIgnoreCase))) is { } row
            ? row.Failure with { Reason = plain }
            : null;
    }

    /// <summary>A message with straight quotes and plain blanks: curly quotes and no-break spaces come and go between releases.</summary>
    internal static string Plain(string message) => message.Trim().Replace('\u2019', '\'').Replace('\u2018', '\'').Replace('\u00A0', ' ');

    private static Row Blocked(string code, bool throttled, params string[] needles) => new(new ClientFailure(FailureKind.EgressBlock, code, "", Throttled: throttled), needles);

    private static Row Item(string code, params string[] needles) => new(new ClientFailure(FailureKind.VideoSpecific, code, "", Permanent: true), needles);

    private static Row Broken(string code, params string[] needles) => new(new ClientFailure(FailureKind.ClientBroken, code, ""), needles);

    private static Row Net(string code, params string[] needles) => new(new ClientFailure(FailureKind.Network, code, ""), needles);

    private sealed record Row(ClientFailure Failure, string[] Needles);
}

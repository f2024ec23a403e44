using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>How YouTube is asked.</summary>
public sealed partial record YouTubeOptions
{
    /// <summary>yt-dlp as a process.</summary>
    public const string YtDlpClient = "yt-dlp";

    /// <summary>YoutubeExplode inside this process, where it was built in.</summary>
    public const string ExplodeClient = "explode";

    /// <summary><see cref="YtDlpClient"/> or <see cref="ExplodeClient"/>.</summary>
    public string Client { get; init; } = YtDlpClient;

    /// <summary>yt-dlp: name on the path, or a path.</summary>
    public string Program { get; init; } = "yt-dlp";

    /// <summary>Lines of the short side of the picture that is asked for; the nearest below is taken, above it only where there is nothing below. The
    /// paper's clips are 720x480.</summary>
    public int MaxLines { get; init; } = 720;

    /// <summary>Languages of subtitles, best first; those made by hand are preferred to automatic ones of the same language.</summary>
    public IReadOnlyList<string> SubtitleLanguages { get; init; } = ["en", "en-US", "en-GB"];

    /// <summary>Larger files are refused, bytes. 4 GiB is some six hours at 720 lines.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>Bytes per second of one download; 0 for no limit.</summary>
    public long RateLimitBytes { get; init; } = 8L << 20;

    /// <summary>Pause between the requests of one run, seconds.</summary>
    public double PauseSeconds { get; init; } = 0.75;

    /// <summary>yt-dlp gives up a connection that has been silent for this long.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A run that neither writes nor computes for this long is stopped.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Address space of one run, bytes. Not set for a fetch by a release that needs a JavaScript engine: those reserve far more than they use.</summary>
    public long MemoryLimitBytes { get; init; } = 2L << 30;

    /// <summary>Any page with a video, through yt-dlp's other extractors. Off by default: yt-dlp follows redirects itself, so the address that is given
    /// can be checked but not where it leads.</summary>
    public bool AllowOtherSites { get; init; }

    /// <summary>How long a listing waits for a source that refuses or cannot be reached, before its job fails.</summary>
    public TimeSpan ListingPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause before a listing that met the network's trouble is tried again.</summary>
    public TimeSpan ListingPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One sentence for each option that cannot be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(Client is YtDlpClient or ExplodeClient, $"youtube.client is '{Client}'; use '{YtDlpClient}' or '{ExplodeClient}'.");
        Check(!string.IsNullOrWhiteSpace(Program), "youtube.program is empty; name yt-dlp or give its path.");
        Check(MaxLines is >= 144 and <= 4320, $"youtube.maxLines is {MaxLines}; it must lie between 144 and 4320.");
        Check(SubtitleLanguages.All(language => Language().IsMatch(language)), "youtube.subtitleLanguages holds something that is no language tag such as en or pt-BR.");
        Check(MaxBytes > 0, $"youtube.maxBytes is {MaxBytes}; it must be above 0.");
        Check(RateLimitBytes >= 0, $"youtube.rateLimitBytes is {RateLimitBytes}; it must be at least 0 (0: no limit).");
        Check(PauseSeconds >= 0 && PauseSeconds < IdleLimit.TotalSeconds, FormattableString.Invariant($"youtube.pauseSeconds is {PauseSeconds}; it must be at least 0 and below youtube.idleLimit."));
        Check(SocketTimeout > TimeSpan.Zero, $"youtube.socketTimeout is {SocketTimeout}; it must be above 0.");
        Check(IdleLimit > SocketTimeout, $"youtube.idleLimit is {IdleLimit}; it must be above youtube.socketTimeout ({SocketTimeout}).");
        Check(MemoryLimitBytes >= 256 << 20, $"youtube.memoryLimitBytes is {MemoryLimitBytes}; yt-dlp needs at least 256 MiB.");
        Check(ListingPatience >= TimeSpan.Zero, $"youtube.listingPatience is {ListingPatience}; it must be at least 0.");
        Check(ListingPause > TimeSpan.Zero, $"youtube.listingPause is {ListingPause}; it must be above 0.");
        return errors;

        void Check(bool good, string error)
        {
            if (!good)
            {
                errors.Add(error);
            }
        }
    }

    // Nothing that yt-dlp would read as a pattern, a list or an option.
    [GeneratedRegex(@"\A[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*\z")]
    private static partial Regex Language();
}

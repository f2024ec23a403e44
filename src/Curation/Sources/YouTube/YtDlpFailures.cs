using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>Tells from exit code and messages whose fault a failed run is.</summary>
internal static class YtDlpFailures
{
    private const int MaxReason = 400;
    private const string ReportRequest = "; please report this issue on";
    private const string OldClient = "yt-dlp {0} may be too old for what the site sends now: install a newer one (pipx install yt-dlp) and name it as youtube.program";

    /// <summary>Reads a run that failed.</summary>
    /// <param name="url">What was asked for.</param>
    public static ClientFailure Of(YtDlpRun run, string url)
    {
        var process = run.Process;
        switch (process.End)
        {
            case ProcessEnd.NotFound:
                return Broken("missing-program", $"{process.ErrorTail.TrimEnd('.')}: install it (apt-get install yt-dlp, or pipx install yt-dlp for a newer one).");
            case ProcessEnd.StoppedMakingProgress or ProcessEnd.OutOfTime:
                return new ClientFailure(FailureKind.Network, "stalled", "yt-dlp made no progress and was stopped.");
            default:
                break;
        }

        if (run.Version is null)
        {
            return Broken("program", $"'yt-dlp --version' ended with code {process.ExitCode}: {LastLine(process.ErrorTail)}");
        }

        var errors = process.ErrorTail.Split('\n').Select(SiteMessages.Plain).ToList();
        var error = errors.LastOrDefault(line => line.StartsWith("ERROR:", StringComparison.Ordinal)) ?? errors.LastOrDefault(line => line.Contains("error:", StringComparison.Ordinal));
        if (IsLiveStream(run) || (error is null && !process.ErrorTail.Contains("Traceback", StringComparison.Ordinal)))
        {
            return Unspoken(run);
        }

        // Of a crash the last line names the exception, which may be the disk's or the network's.
        var words = error ?? $"Traceback (most recent call last): {errors[^1]}";
        return Read(words, url, run.Version, errors);
    }

    /// <summary>Reads one message.</summary>
    /// <param name="all">All lines that came with it: a warning may explain an error.</param>
    internal static ClientFailure Read(string error, string url, string version, IReadOnlyList<string> all)
    {
        bool youTube = Uri.TryCreate(url, UriKind.Absolute, out var uri) && YouTubeUrl.IsOnYouTube(uri);
        if (error.Contains("Unsupported URL", StringComparison.OrdinalIgnoreCase))
        {
            return youTube
                ? Broken("extractor", $"{Words(error)}. {Old(version)}.")
                : new ClientFailure(FailureKind.VideoSpecific, "unsupported-url", $"yt-dlp finds no video on the page: {Words(error)}.", Permanent: true);
        }

        if (SiteMessages.Read(WithoutId(error)) is not { } failure)
        {
            return new ClientFailure(FailureKind.VideoSpecific, "unknown", $"yt-dlp {version}: {Words(error)}.");
        }

        if (failure.Code == "forbidden" && all.Any(line => line.Contains("nsig extraction failed", StringComparison.OrdinalIgnoreCase)))
        {
            // The address of the media was computed wrongly, so its server refuses it: not a refusal of this machine.
            return Broken("extractor", $"{Words(error)}, after nsig extraction failed. {Old(version)}.");
        }

        return failure with { Reason = failure.Code is "extractor" or "formats-missing" ? $"{Words(error)}. {Old(version)}." : $"{Words(error)}." };
    }

    /// <summary>A run that failed, or brought nothing, without an error message.</summary>
    private static ClientFailure Unspoken(YtDlpRun run)
    {
        if (run.Notes.Any(note => note.Contains("larger than max-filesize", StringComparison.Ordinal)))
        {
            var note = run.Notes.Last(note => note.Contains("larger than max-filesize", StringComparison.Ordinal));
            return new ClientFailure(FailureKind.VideoSpecific, "too-large", $"{Words(note)}.", Permanent: true);
        }

        if (run.Notes.Any(note => note.Contains("does not pass filter", StringComparison.Ordinal)) || IsLiveStream(run))
        {
            return new ClientFailure(FailureKind.VideoSpecific, "live", "A live stream, running or announced.", Permanent: true);
        }

        var words = run.Process.ErrorTail.Length > 0 ? ": " + Words(LastLine(run.Process.ErrorTail)) : "";
        return new ClientFailure(
            FailureKind.Network, "ended-early", $"yt-dlp {run.Version} ended with code {run.Process.ExitCode} and brought nothing{words}.");
    }

    // Pages that do not say so themselves: a playlist of segments that does not begin at the beginning.
    private static bool IsLiveStream(YtDlpRun run) => run.Process.ErrorTail.Contains("Live HLS streams are not supported", StringComparison.Ordinal);

    private static ClientFailure Broken(string code, string reason) => new(FailureKind.ClientBroken, code, reason);

    private static string Old(string version) => string.Format(System.Globalization.CultureInfo.InvariantCulture, OldClient, version);

    private static string LastLine(string text) => SiteMessages.Plain(text[(text.LastIndexOf('\n') + 1)..]);

    /// <summary>A message without <c>ERROR: [extractor] id: </c>: an id is part of an address and may hold any word.</summary>
    private static string WithoutId(string error)
    {
        int bracket = error.IndexOf("] ", StringComparison.Ordinal);
        if (!error.StartsWith("ERROR: [", StringComparison.Ordinal) || bracket < 0)
        {
            return error;
        }

        int colon = error.IndexOf(": ", bracket, StringComparison.Ordinal);
        return colon < 0 ? error : error[(colon + 2)..];
    }

    /// <summary>A message without its prefix and without the request to report it.</summary>
    private static string Words(string message)
    {
        var text = SiteMessages.Plain(message);
        if (text.StartsWith("ERROR:", StringComparison.Ordinal))
        {
            text = text[6..].TrimStart();
        }

        int request = text.IndexOf(ReportRequest, StringComparison.OrdinalIgnoreCase);
        text = (request < 0 ? text : text[..request]).TrimEnd('.', ' ');
        return text.Length <= MaxReason ? text : text[..MaxReason] + "...";
    }
}

using System.Globalization;
using System.Text;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>How a run of yt-dlp went.</summary>
/// <param name="Notes">The last lines that it wrote beside its progress (fetches only).</param>
/// <param name="Version">As it names itself; null where it could not be asked.</param>
internal sealed record YtDlpRun(ProcessResult Process, IReadOnlyList<string> Notes, string? Version);

/// <summary>The one place that knows yt-dlp's command line. Retries are left to the engine but for one within a connection; nothing is read from or
/// written to the user's configuration and caches; no shell is involved.</summary>
public sealed class YtDlp(IProcessRunner runner, YouTubeOptions options) : IYouTubeClient
{
    private const int KeptNotes = 40;

    // The first release that solves YouTube's challenges with an external JavaScript engine.
    private static readonly int[] JavaScriptSince = [2025, 11, 12];

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PYTHONUTF8"] = "1",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["YTDLP_NO_PLUGINS"] = "1",
    };

    private string? _version;

    /// <inheritdoc/>
    public async Task<ClientAnswer> ListAsync(string url, Action<string> entry, CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            [.. Shared(), "--flat-playlist", "--lazy-playlist", "--no-playlist", "--dump-json", "--", url],
            Lines(line =>
            {
                if (line.Length > 0)
                {
                    entry(line);
                }
            }),
            folder: null,
            limitMemory: _ => true,
            cancellationToken).ConfigureAwait(false);
        return run.Process.Succeeded ? ClientAnswer.Done : new ClientAnswer(YtDlpFailures.Of(run, url), []);
    }

    /// <inheritdoc/>
    public async Task<ClientAnswer> DescribeAsync(string url, string folder, CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            [.. Shared(), "--no-playlist", "--skip-download", "--write-info-json", "--no-write-comments", "--no-write-playlist-metafiles", "--output", FetchFiles.Media, "--", url],
            Lines(_ => { }),
            folder,
            limitMemory: _ => true,
            cancellationToken).ConfigureAwait(false);
        return run.Process.Succeeded && File.Exists(Path.Combine(folder, FetchFiles.Info)) ? ClientAnswer.Done : new ClientAnswer(YtDlpFailures.Of(run, url), []);
    }

    /// <inheritdoc/>
    /// <remarks>The best picture up to the wanted size, without sound where the site offers that.</remarks>
    public async Task<ClientAnswer> FetchAsync(string url, string folder, Action flowing, CancellationToken cancellationToken)
    {
        var notes = new Queue<string>();
        bool youTube = Uri.TryCreate(url, UriKind.Absolute, out var uri) && YouTubeUrl.IsOnYouTube(uri);
        var run = await RunAsync(
            [.. Shared(), .. Fetching(), "--", url],
            Lines(line =>
            {
                if (IsProgress(line))
                {
                    flowing();
                    return;
                }

                notes.Enqueue(line);
                if (notes.Count > KeptNotes)
                {
                    notes.Dequeue();
                }
            }),
            folder,
            limitMemory: version => !(youTube && NeedsJavaScript(version)),
            cancellationToken).ConfigureAwait(false);
        run = run with { Notes = [.. notes] };

        // Filters and size limits end a run well and without a file.
        return run.Process.Succeeded && new FileInfo(Path.Combine(folder, FetchFiles.Media)) is { Exists: true, Length: > 0 }
            ? new ClientAnswer(null, LostSubtitles(run))
            : new ClientAnswer(YtDlpFailures.Of(run, url), []);
    }

    internal static bool NeedsJavaScript(string version)
    {
        var parts = version.Split('.').Take(3).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0);
        return parts.Zip(JavaScriptSince, (mine, since) => mine.CompareTo(since)).FirstOrDefault(order => order != 0) >= 0;
    }

    // Read without awaiting: the process runner gives the reader a thread of its own, where it stays.
    private static Func<Stream, CancellationToken, Task> Lines(Action<string> take) => (stream, _) =>
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            take(line);
        }

        return Task.CompletedTask;
    };

    private static string[] LostSubtitles(YtDlpRun run) => run.Process.ErrorTail.Split('\n')
        .Where(line => line.StartsWith("WARNING:", StringComparison.Ordinal) && line.Contains("subtitles", StringComparison.OrdinalIgnoreCase)
            && line.Contains("Unable to download", StringComparison.OrdinalIgnoreCase))
        .Select(line => line["WARNING:".Length..].Trim())
        .ToArray();

    private static bool IsProgress(string line) =>
        line.StartsWith("[download] ", StringComparison.Ordinal) && line.Contains('%', StringComparison.Ordinal) && line.Contains(" of ", StringComparison.Ordinal);

    private IEnumerable<string> Shared() =>
    [
        "--ignore-config", "--no-cache-dir", "--no-color", "--newline",
        "--socket-timeout", Number(options.SocketTimeout.TotalSeconds),
        "--retries", "1", "--fragment-retries", "2", "--extractor-retries", "1", "--file-access-retries", "1",
        "--sleep-requests", Number(options.PauseSeconds),
    ];

    private IEnumerable<string> Fetching()
    {
        List<string> arguments =
        [
            "--no-playlist", "--progress",
            // A picture without sound first, then whatever holds a picture; of those the nearest to the wanted size from below, plain files before
            // streams of fragments, and what decodes cheaply.
            "--format", "bv/bv*", "--format-sort", $"res:{Number(options.MaxLines)},proto,vcodec:h264",
            // A running stream has no end.
            "--match-filter", "!is_live & live_status!=?is_upcoming",
            "--max-filesize", Number(options.MaxBytes),
            "--continue", "--part", "--no-mtime", "--fixup", "never",
            "--write-info-json", "--no-write-comments", "--no-write-playlist-metafiles",
            "--output", FetchFiles.Media,
        ];
        if (options.RateLimitBytes > 0)
        {
            arguments.AddRange(["--limit-rate", Number(options.RateLimitBytes)]);
        }

        if (options.SubtitleLanguages.Count > 0)
        {
            arguments.AddRange(["--write-subs", "--write-auto-subs", "--sub-format", "vtt", "--sub-langs", string.Join(',', options.SubtitleLanguages)]);
        }

        return arguments;
    }

    private async Task<YtDlpRun> RunAsync(
        IReadOnlyList<string> arguments,
        Func<Stream, CancellationToken, Task> output,
        string? folder,
        Func<string, bool> limitMemory,
        CancellationToken cancellationToken)
    {
        // Asked once: a release does not change under a running process often, and a missing program is asked for again.
        if (_version is not { } version)
        {
            var asked = await runner.RunAsync(
                new ProcessSpec(options.Program, ["--ignore-config", "--version"], options.IdleLimit, Environment: Environment), null, cancellationToken).ConfigureAwait(false);
            if (!asked.Succeeded)
            {
                return new YtDlpRun(asked, [], null);
            }

            _version = version = asked.Output.Trim();
        }

        var spec = new ProcessSpec(
            options.Program,
            arguments,
            options.IdleLimit,
            MemoryLimitBytes: limitMemory(version) ? options.MemoryLimitBytes : null,
            Environment: Environment,
            WorkingDirectory: folder);
        return new YtDlpRun(await runner.RunAsync(spec, output, cancellationToken).ConfigureAwait(false), [], version);
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}

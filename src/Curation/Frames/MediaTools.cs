using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Frames;

/// <summary>Which programs decode and read, and within which limits.</summary>
public sealed record MediaToolOptions
{
    public string Ffmpeg { get; init; } = "ffmpeg";

    public string Ffprobe { get; init; } = "ffprobe";

    public string Tesseract { get; init; } = "tesseract";

    /// <summary>Threads of one decoder or encoder. One by default: the engine runs several at a time, and one thread spends the least CPU.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A program that neither writes nor computes for this long is stopped.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Address space of one program, bytes.</summary>
    public long MemoryLimitBytes { get; init; } = 6L << 30;

    /// <summary>Frames are handed on with a long side of at most this, pixels; bounds the memory of a decoder's consumer (28 MB for 16:9).</summary>
    public int MaxFrameLongSide { get; init; } = 4096;
}

/// <summary>Starts ffmpeg, ffprobe and tesseract with the options and limits that every run shares.</summary>
public sealed class MediaTools(IProcessRunner runner, MediaToolOptions options)
{
    // Containers of single videos or sounds. Playlists and scripts (HLS, concat, ...) stay out: they name other files for the reader to open.
    private const string Formats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,nut,mxf,rm,dv,wtv,ivf,m4v,h264,hevc,av1,obu,gif," +
        "mp3,wav,w64,flac,aac,ac3,eac3,aiff,amr,ape,caf,wv,opus,swf,vob,y4m,yuv4mpegpipe,apng";

    public MediaToolOptions Options => options;

    public Task<ProcessResult> FfmpegAsync(
        IEnumerable<string> arguments, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken) =>
        RunAsync(options.Ffmpeg, ["-nostdin", "-hide_banner", "-v", "error", .. arguments], output, cancellationToken);

    public Task<ProcessResult> FfprobeAsync(
        IEnumerable<string> arguments, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken) =>
        RunAsync(options.Ffprobe, ["-hide_banner", "-v", "error", .. arguments], output, cancellationToken);

    public Task<ProcessResult> TesseractAsync(IEnumerable<string> arguments, string input, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new ProcessSpec(options.Tesseract, [.. arguments], options.IdleLimit, null, options.MemoryLimitBytes, SingleThread, input),
            null,
            cancellationToken);

    /// <summary>Arguments that open a local file and nothing else, whatever its name (dashes, newlines, colons) or content.</summary>
    public static IReadOnlyList<string> Input(string path) =>
        ["-protocol_whitelist", "file", "-format_whitelist", Formats, "-i", "file:" + Path.GetFullPath(path)];

    /// <summary>Arguments that keep a decoder to the configured threads; they go before the input.</summary>
    public IReadOnlyList<string> DecoderThreads => ["-threads", options.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    // Numeric libraries start a thread for each core as they load, also in an ffmpeg that is linked against one and never asks it anything.
    private static readonly Dictionary<string, string> SingleThread = new() { ["OMP_THREAD_LIMIT"] = "1", ["OPENBLAS_NUM_THREADS"] = "1" };

    private Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new ProcessSpec(program, arguments, options.IdleLimit, null, options.MemoryLimitBytes, SingleThread), output, cancellationToken);
}

using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Frames;

/// <summary>Puts what ffmpeg and its relatives say into sentences.</summary>
public static class FfmpegWords
{
    private static readonly (string Heard, string Meaning)[] Dictionary =
    [
        ("moov atom not found", "The file is incomplete: its index is missing, as after a download that was cut off."),
        ("Format not on whitelist", "The file is not a video but a playlist, picture or text."),
        ("Invalid data found", "The file is not a video that ffmpeg can read."),
        ("End of file", "The file ends before its header is complete."),
        ("No such file", "The file is not there any more."),
        ("Permission denied", "The file may not be read by this user."),
        ("Cannot allocate memory", "Decoding needs more memory than the limit allows."),
        ("matches no streams", "The file has no video stream."),
    ];

    /// <summary>One sentence or two about a run that failed.</summary>
    public static string Explain(ProcessResult result, string path)
    {
        string words = Clean(result.ErrorTail, path);
        string meaning = result.End switch
        {
            ProcessEnd.NotFound => result.ErrorTail,
            ProcessEnd.StoppedMakingProgress => "The program stopped making progress and was ended.",
            ProcessEnd.OutOfTime => "The program took longer than allowed and was ended.",
            _ => Dictionary.FirstOrDefault(entry => words.Contains(entry.Heard, StringComparison.OrdinalIgnoreCase)).Meaning
                ?? (words.Length > 0 ? "The file could not be read." : $"The program failed with code {result.ExitCode} and no words."),
        };
        return result.End == ProcessEnd.NotFound || words.Length == 0 ? meaning : $"{meaning} ({words})";
    }

    /// <summary>The last lines of an error text, on one line, without addresses of memory and without the folder of the file.</summary>
    public static string Clean(string errorTail, string path)
    {
        var lines = errorTail
            .Replace("file:" + Path.GetFullPath(path), Path.GetFileName(path), StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(WithoutAddress)
            .Distinct()
            .TakeLast(3);
        string text = string.Join("; ", lines);
        return text.Length <= 400 ? text : "…" + text[^400..];
    }

    // "[mov,mp4 @ 0x55d0c0ffee00] words" differs from run to run; reasons are compared and stored.
    private static string WithoutAddress(string line)
    {
        int at = line.IndexOf(" @ 0x", StringComparison.Ordinal);
        int end = at < 0 ? -1 : line.IndexOf(']', at);
        return end < 0 ? line : line[..at] + line[end..];
    }
}

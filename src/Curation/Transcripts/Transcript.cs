using System.Text;

namespace MedGenCluster.Curation.Transcripts;

/// <summary>What is said in a video, and when. Made from WebVTT; trouble in the file becomes <see cref="Warnings"/>, never an exception.</summary>
public sealed class Transcript
{
    /// <summary>Bytes of a file that are read at the most; the rest is ignored with a warning.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const int MaxWarnings = 20;

    public static readonly Transcript Empty = new([], [], 0);

    private Transcript(IReadOnlyList<Cue> cues, IReadOnlyList<string> warnings, int skippedCues)
    {
        Cues = cues;
        Warnings = warnings;
        SkippedCues = skippedCues;
    }

    /// <summary>Cues by start, then in the order of the file.</summary>
    public IReadOnlyList<Cue> Cues { get; }

    /// <summary>What was wrong, each with its line; at most twenty and a count of the rest.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Cues that were skipped because their time could not be read.</summary>
    public int SkippedCues { get; }

    /// <summary>Reads a file. One that is missing or unreadable gives an empty transcript with a warning, as a transcript is optional.</summary>
    public static Transcript Parse(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[(int)Math.Min(file.Length, MaxBytes)];
            var count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            var cut = file.Length > MaxBytes;
            using var reader = new StreamReader(new MemoryStream(content, 0, count), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return Parse(reader, cut ? [$"longer than {MaxBytes / (1024 * 1024)} MiB; the rest was not read"] : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return new Transcript([], [$"transcript could not be read: {e.Message}"], 0);
        }
    }

    /// <summary>Reads a WebVTT document that is already in memory.</summary>
    public static Transcript ParseText(string text)
    {
        using var reader = new StringReader(text.TrimStart('\uFEFF'));
        return Parse(reader, []);
    }

    /// <summary>What is said during an interval: the cues that overlap it by at least half of their own length or half of the interval, in order, joined by
    /// spaces. Empty where there are none or the interval is empty.</summary>
    /// <param name="start">Seconds.</param>
    /// <param name="end">Seconds.</param>
    public string TextBetween(double start, double end)
    {
        var texts = new List<string>();
        foreach (var cue in Cues)
        {
            if (cue.StartSeconds >= end)
            {
                break;
            }

            var overlap = Math.Min(end, cue.EndSeconds) - Math.Max(start, cue.StartSeconds);
            if (overlap > 0 && (overlap * 2 >= cue.EndSeconds - cue.StartSeconds || overlap * 2 >= end - start))
            {
                texts.Add(cue.Text);
            }
        }

        return string.Join(' ', texts);
    }

    private static Transcript Parse(TextReader reader, List<string> warnings)
    {
        var vtt = new WebVttReader(reader);
        vtt.Read();
        if (!vtt.HasHeader && (vtt.Cues.Count > 0 || vtt.Skipped.Count > 0))
        {
            warnings.Add("line 1: no WEBVTT header");
        }

        warnings.AddRange(vtt.Skipped.Take(MaxWarnings).Select(skip => $"line {skip.Line}: cue skipped, {skip.Reason}"));
        if (vtt.Skipped.Count > MaxWarnings)
        {
            warnings.Add($"and {vtt.Skipped.Count - MaxWarnings} more cues skipped");
        }

        var ordered = vtt.Cues.OrderBy(cue => cue.Start).ToList();
        var cues = vtt.HasInlineTimes || RollingCaptions.Detect(ordered)
            ? RollingCaptions.Collapse(ordered)
            : [.. ordered.Where(cue => cue.Lines.Count > 0).Select(cue => new Cue(cue.Start, cue.End, string.Join(' ', cue.Lines)))];
        return new Transcript(cues, warnings, vtt.Skipped.Count);
    }
}

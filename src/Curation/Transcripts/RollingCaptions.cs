namespace MedGenCluster.Curation.Transcripts;

/// <summary>Automatic captions of video platforms roll: every cue repeats the line above it, and cues of a few milliseconds hold a finished line.
/// Collapsing keeps each line once, from when it first appears.</summary>
internal static class RollingCaptions
{
    // Cues of a rolling display follow each other without a gap; across a longer one a repeated line was said again.
    private const double MaxGapSeconds = 0.5;

    // Players show up to four caption rows.
    private const int MaxRows = 4;

    /// <summary>True if at least a quarter of the cues begin with lines that the cue before them ends with and add lines of their own. A single such
    /// cue in ordinary subtitles is someone repeating himself.</summary>
    public static bool Detect(IReadOnlyList<RawCue> cues)
    {
        var rolling = 0;
        for (var i = 1; i < cues.Count; i++)
        {
            var carried = Carried(cues[i - 1], cues[i]);
            rolling += carried > 0 && carried < cues[i].Lines.Count ? 1 : 0;
        }

        return rolling > 0 && rolling * 4 >= cues.Count - 1;
    }

    public static List<Cue> Collapse(IReadOnlyList<RawCue> cues)
    {
        var result = new List<Cue>(cues.Count);
        RawCue? shown = null;
        foreach (var cue in cues)
        {
            var carried = shown is null ? 0 : Carried(shown, cue);
            if (carried < cue.Lines.Count)
            {
                result.Add(new Cue(cue.Start, cue.End, string.Join(' ', cue.Lines.Skip(carried))));
            }
            else if (carried > 0)
            {
                result[^1] = result[^1] with { EndSeconds = Math.Max(result[^1].EndSeconds, cue.End) };
            }

            shown = cue;
        }

        return result;
    }

    /// <summary>How many leading lines of <paramref name="next"/> still stand from <paramref name="shown"/>.</summary>
    private static int Carried(RawCue shown, RawCue next)
    {
        if (next.Start > shown.End + MaxGapSeconds)
        {
            return 0;
        }

        for (var count = Math.Min(MaxRows, Math.Min(shown.Lines.Count, next.Lines.Count)); count > 0; count--)
        {
            if (Enumerable.Range(0, count).All(i => shown.Lines[shown.Lines.Count - count + i] == next.Lines[i]))
            {
                return count;
            }
        }

        return 0;
    }
}

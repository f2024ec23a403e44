namespace MedGenCluster.Curation.Transcripts;

/// <summary>A cue as it stands in the file, one plain text for each payload line that is not blank.</summary>
internal sealed record RawCue(double Start, double End, IReadOnlyList<string> Lines);

/// <summary>Splits a WebVTT document (https://www.w3.org/TR/webvtt1/) into cues, forgiving what real files get wrong: a missing header, SubRip times,
/// a missing blank line between cues. Cues whose time cannot be read are skipped and reported with their line.</summary>
internal sealed class WebVttReader(TextReader reader)
{
    private readonly List<string> _block = [];
    private int _lineNumber;
    private int _blockStart;

    public List<RawCue> Cues { get; } = [];

    /// <summary>Line (from 1) and reason of every cue that was skipped.</summary>
    public List<(int Line, string Reason)> Skipped { get; } = [];

    /// <summary>True if any payload carries word-level timestamps.</summary>
    public bool HasInlineTimes { get; private set; }

    public bool HasHeader { get; private set; }

    public void Read()
    {
        while (reader.ReadLine() is { } line)
        {
            _lineNumber++;
            if (line.Length == 0)
            {
                Flush();
                continue;
            }

            if (_block.Count == 0)
            {
                _blockStart = _lineNumber;
            }

            _block.Add(line);
        }

        Flush();
    }

    private void Flush()
    {
        if (_block.Count > 0)
        {
            ReadBlock();
            _block.Clear();
        }
    }

    private void ReadBlock()
    {
        var first = 0;
        if (_blockStart == 1 && Opens(_block[0], "WEBVTT"))
        {
            HasHeader = true;
            first = _block.FindIndex(line => line.Contains(CueTiming.Arrow, StringComparison.Ordinal));
            if (first < 0)
            {
                return;
            }
        }
        else if (Opens(_block[0], "NOTE") || Opens(_block[0], "STYLE") || Opens(_block[0], "REGION"))
        {
            return;
        }

        ReadCues(first);
    }

    private static bool Opens(string line, string word) =>
        line.StartsWith(word, StringComparison.Ordinal) && (line.Length == word.Length || line[word.Length] is ' ' or '\t');

    /// <summary>Reads the cues of a block: usually one, several where the blank line between them is missing.</summary>
    private void ReadCues(int first)
    {
        var timing = NextTiming(first);
        if (timing < 0)
        {
            // Text without a time says nothing about when.
            Skipped.Add((_blockStart + first, "no time"));
            return;
        }

        while (timing >= 0)
        {
            var next = NextTiming(timing + 1);
            if (!CueTiming.TryParse(_block[timing], out var start, out var end))
            {
                Skipped.Add((_blockStart + timing, $"time not understood: {Shorten(_block[timing])}"));
            }
            else
            {
                AddCue(start, end, timing + 1, next < 0 ? _block.Count : next);
            }

            timing = next;
        }
    }

    private int NextTiming(int from) => _block.FindIndex(from, line => line.Contains(CueTiming.Arrow, StringComparison.Ordinal));

    private void AddCue(double start, double end, int from, int to)
    {
        var lines = new List<string>(to - from);
        for (var i = from; i < to; i++)
        {
            var text = CueText.Plain(_block[i], out var hasInlineTime);
            HasInlineTimes |= hasInlineTime;
            if (text.Length > 0)
            {
                lines.Add(text);
            }
        }

        Cues.Add(new RawCue(start, end, lines));
    }

    private static string Shorten(string line) => line.Length <= 60 ? line : line[..60] + "...";
}

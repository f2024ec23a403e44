using System.Globalization;
using System.Text;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>BERT's uncased tokenisation (google-research/bert tokenization.py; the same as the fast tokenizer that comes with
/// snowflake-arctic-embed-m): control characters out, ideographs apart, accents off, lower case, punctuation apart, then the longest
/// piece of the vocabulary that fits, from the left; what continues a word begins with <c>##</c>. Special tokens that stand in a
/// text are words like others. Thread-safe.</summary>
public sealed class WordPieceTokenizer
{
    /// <summary>A word of more characters than this is [UNK].</summary>
    private const int LongestWord = 100;
    private const string Continuation = "##";

    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly int _longestPiece;

    /// <param name="vocabulary">Pieces; the id of a piece is its place.</param>
    /// <exception cref="ArgumentException">[PAD], [UNK], [CLS] or [SEP] is missing.</exception>
    public WordPieceTokenizer(IEnumerable<string> vocabulary)
    {
        foreach (var piece in vocabulary)
        {
            var id = VocabularySize++;
            _first[piece] = id;
            if (piece.StartsWith(Continuation, StringComparison.Ordinal))
                _next[piece[Continuation.Length..]] = id;
            _longestPiece = Math.Max(_longestPiece, piece.Length);
        }
        Pad = Special("[PAD]");
        Unknown = Special("[UNK]");
        Start = Special("[CLS]");
        End = Special("[SEP]");

        int Special(string token) => _first.TryGetValue(token, out var id)
            ? id
            : throw new ArgumentException($"The vocabulary has no {token}.", nameof(vocabulary));
    }

    public int VocabularySize { get; private set; }

    /// <summary>Id of [PAD].</summary>
    public int Pad { get; }

    /// <summary>Id of [UNK].</summary>
    public int Unknown { get; }

    /// <summary>Id of [CLS].</summary>
    public int Start { get; }

    /// <summary>Id of [SEP].</summary>
    public int End { get; }

    /// <summary>Reads a vocabulary file: UTF-8, one piece on each line.</summary>
    /// <param name="role">For messages.</param>
    /// <exception cref="ModelException">The file cannot be read or is no vocabulary.</exception>
    public static WordPieceTokenizer Load(string role, string path)
    {
        try
        {
            return new WordPieceTokenizer(File.ReadLines(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModelException($"{role}: {path} cannot be used as a WordPiece vocabulary: {error.Message} Get the file again.", error);
        }
    }

    /// <summary>[CLS], the pieces of the text, [SEP]. What does not fit is cut off; it is not even looked at.</summary>
    /// <param name="maxTokens">Most ids, the two special ones included; at least 2.</param>
    public int[] Encode(string text, int maxTokens = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 2);
        var ids = new List<int>(Math.Min(maxTokens, 2 + (text.Length / 2))) { Start };
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (ids.Count >= maxTokens)
                break;
            Add(rune, word, ids);
        }
        EndWord(word, ids);
        if (ids.Count > maxTokens - 1)
            ids.RemoveRange(maxTokens - 1, ids.Count - (maxTokens - 1));
        ids.Add(End);
        return [.. ids];
    }

    private void Add(Rune rune, StringBuilder word, List<int> ids)
    {
        var category = CharUnicodeInfo.GetUnicodeCategory(rune.Value);
        if (IsSpace(rune.Value, category))
            EndWord(word, ids);
        else if (rune.Value is 0 or 0xFFFD || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
            return;
        else if (IsIdeograph(rune.Value))
        {
            EndWord(word, ids);
            AddPlain(rune, word, ids);
            EndWord(word, ids);
        }
        else if (category != UnicodeCategory.NonSpacingMark)
            AddPlain(rune, word, ids);
    }

    private void AddPlain(Rune rune, StringBuilder word, List<int> ids)
    {
        if (AccentRemoval.Of(rune) is not { } plain)
            AddLower(rune, word, ids);
        else
            foreach (var part in plain.EnumerateRunes())
                AddLower(part, word, ids);
    }

    private void AddLower(Rune rune, StringBuilder word, List<int> ids)
    {
        var lower = Rune.ToLowerInvariant(rune);
        Span<char> units = stackalloc char[2];
        var written = units[..lower.EncodeToUtf16(units)];
        if (!IsPunctuation(lower.Value))
        {
            word.Append(written);
            return;
        }
        EndWord(word, ids);
        word.Append(written);
        EndWord(word, ids);
    }

    private void EndWord(StringBuilder word, List<int> ids)
    {
        if (word.Length == 0)
            return;
        var text = word.ToString();
        word.Clear();
        if (text.Length > LongestWord && text.EnumerateRunes().Count() > LongestWord)
        {
            ids.Add(Unknown);
            return;
        }
        var before = ids.Count;
        for (var start = 0; start < text.Length;)
        {
            var (id, length) = LongestMatch(text.AsSpan(start), start == 0 ? _first : _next);
            if (length == 0)
            {
                // One piece without a match makes the whole word unknown.
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(Unknown);
                return;
            }
            ids.Add(id);
            start += length;
        }
    }

    private (int Id, int Length) LongestMatch(ReadOnlySpan<char> rest, Dictionary<string, int> pieces)
    {
        var lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(rest.Length, _longestPiece); length > 0; length--)
            if (lookup.TryGetValue(rest[..length], out var id))
                return (id, length);
        return (0, 0);
    }

    private static bool IsSpace(int code, UnicodeCategory category) =>
        code is ' ' or '\t' or '\n' or '\r' || category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>CJK ideographs; the scripts with an alphabet of their own (kana, Hangul) are words like others.</summary>
    private static bool IsIdeograph(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Every ASCII character that is neither letter, digit, space nor control counts, also those that Unicode calls symbols.</summary>
    private static bool IsPunctuation(int code) =>
        code is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        || CharUnicodeInfo.GetUnicodeCategory(code) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;
}

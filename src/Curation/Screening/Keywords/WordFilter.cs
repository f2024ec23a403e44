using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Tells texts that surely hold no term from those that must be looked at, at a few cycles for each word and without unescaping or folding anything.</summary>
/// <remarks>
/// Every term begins with a whole word. A word of the folded text that is pure ASCII stands in the raw text as a run of ASCII letters and digits, unless a
/// character beyond ASCII folds into it or vanishes inside it, or a numeric escape stands for one; texts with such characters are sent on unread. The runs are
/// found as bits, 64 bytes at a time; the first eight bytes of each, lowered, and its length are hashed into a table of bits that stays in the first-level cache.
/// </remarks>
internal sealed class WordFilter
{
    /// <summary>Bytes behind the text that must be readable.</summary>
    public const int Padding = 64 + 8;

    private const int FilterBits = 17;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const ulong Lower = 0x2020202020202020;

    private readonly ulong[] _bits = new ulong[1 << (FilterBits - 6)];
    private readonly Slot[] _slots;
    private readonly int _slotShift;

    public WordFilter(IReadOnlyList<Pattern> patterns)
    {
        var words = patterns.GroupBy(term => FirstWord(term.Text)).ToList();
        HasForeignWords = words.Any(word => !word.Key.IsAscii);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, words.Count * 4));
        _slots = new Slot[size];
        _slotShift = 64 - BitOperations.Log2((uint)size);
        foreach (var word in words.Where(word => word.Key.IsAscii))
        {
            var hash = Hash(word.Key.Key, word.Key.Length);
            _bits[hash >> (64 - FilterBits + 6)] |= 1UL << (int)(hash >> (64 - FilterBits));
            var index = (int)(hash >> _slotShift);
            while (_slots[index].Patterns is not null)
            {
                index = (index + 1) & (size - 1);
            }

            _slots[index] = new Slot(word.Key.Key, word.Key.Length, [.. word.OrderByDescending(pattern => pattern.Text.Length)]);
        }
    }

    /// <summary>True if the first word of a term holds a letter or digit beyond ASCII; no text with such letters can be passed over then.</summary>
    public bool HasForeignWords { get; }

    /// <summary>False only if no term occurs in the text; where that is folded, and the terms' first words are ASCII, true only if one does.</summary>
    /// <param name="padded">Holds the text, without escapes, and at least <see cref="Padding"/> bytes behind it, whatever they are.</param>
    /// <param name="start">Index of the text's first byte.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="isFolded">True for what <see cref="TextFolder"/> makes; false for valid UTF-8.</param>
    /// <param name="collector">Where it is given, the text is folded and every occurrence is added to it.</param>
    public bool MayHold(ReadOnlySpan<byte> padded, int start, int length, bool isFolded, MatchCollector? collector = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length + Padding, (uint)padded.Length, nameof(padded));
        var text = padded.Slice(start, length);
        var carry = 0UL;
        var current = 0UL;
        for (var offset = 0; offset < length + 64; offset += 64)
        {
            var next = 0UL;
            if (offset < length)
            {
                var inside = length - offset >= 64 ? ulong.MaxValue : (1UL << (length - offset)) - 1;
                var classes = ByteClasses.Of(in padded[start + offset]);
                next = classes.Words & inside;
                var high = classes.High & inside;
                if (high != 0 && (HasForeignWords || (!isFolded && FoldingTriggers.Any(text, offset, FoldingTriggers.MayLead(in padded[start + offset]) & inside))))
                {
                    return true;
                }
            }

            if (current != 0 && AnyBegins(text, offset - 64, current, next, carry, isFolded, collector))
            {
                return true;
            }

            carry = current >> 63;
            current = next;
        }

        return false;
    }

    /// <summary>True if a term begins, or in text that is not folded may begin, among 64 bytes.</summary>
    /// <param name="text">The text; <see cref="Padding"/> bytes behind it are readable.</param>
    /// <param name="offset">Where in it the 64 bytes begin.</param>
    /// <param name="current">Which of them are ASCII letters and digits of the text.</param>
    /// <param name="next">The same of the 64 bytes that follow.</param>
    /// <param name="carry">1 if the byte before them is one.</param>
    /// <param name="isFolded">Whether what is found is certain.</param>
    /// <param name="collector">Receives what is found; the answer is false then.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AnyBegins(ReadOnlySpan<byte> text, int offset, ulong current, ulong next, ulong carry, bool isFolded, MatchCollector? collector = null)
    {
        ref var bytes = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), offset);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        var starts = current & ~((current << 1) | carry);
        while (starts != 0)
        {
            var position = BitOperations.TrailingZeroCount(starts);
            starts &= starts - 1;
            var run = (current >> position) | ((next << 1) << (63 - position));
            var length = BitOperations.TrailingZeroCount(~run);
            var key = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, position)) | Lower) << (64 - (8 * Math.Min(length, 8)));
            var hash = Hash(key, length);
            if (((Unsafe.Add(ref bits, (nint)(hash >> (64 - FilterBits + 6))) >> (int)(hash >> (64 - FilterBits))) & 1) != 0
                && Begins(text, offset + position, key, length, isFolded, collector))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong key, int length) => (key + (ulong)(uint)length) * Multiplier;

    /// <summary>True if a term stands, or in raw text may stand, where the word begins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Begins(ReadOnlySpan<byte> text, int position, ulong key, int length, bool isFolded, MatchCollector? collector)
    {
        var index = (int)(Hash(key, length) >> _slotShift);
        while (_slots[index].Patterns is not null && (_slots[index].Key != key || _slots[index].Length != length))
        {
            index = (index + 1) & (_slots.Length - 1);
        }

        foreach (var pattern in _slots[index].Patterns ?? [])
        {
            if (collector is not null)
            {
                if (pattern.IsAt(text, position))
                {
                    collector.Add(pattern, position, pattern.LengthAt(text, position));
                }
            }
            else if (isFolded ? pattern.IsAt(text, position) : pattern.MayBeAt(text, position))
            {
                return true;
            }
        }

        return false;
    }

    private static (ulong Key, int Length, bool IsAscii) FirstWord(ReadOnlySpan<byte> term)
    {
        var length = 0;
        var key = 0UL;
        var isAscii = true;
        for (; length < term.Length && TermNormalForm.IsWordByte(term[length]); length++)
        {
            isAscii &= term[length] < 0x80;
            key |= length < 8 ? (ulong)(term[length] | 0x20) << (8 * length) : 0;
        }

        // As many as 64 are counted where texts are read.
        return (key << (64 - (8 * Math.Min(length, 8))), Math.Min(length, 64), isAscii);
    }

    private readonly record struct Slot(ulong Key, int Length, Pattern[]? Patterns);
}

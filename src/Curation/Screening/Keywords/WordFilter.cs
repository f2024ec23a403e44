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
    private readonly bool _hasForeignWords;

    public WordFilter(IReadOnlyList<Pattern> terms)
    {
        var words = terms.GroupBy(term => FirstWord(term.Text)).ToList();
        _hasForeignWords = words.Any(word => !word.Key.IsAscii);
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

            _slots[index] = new Slot(word.Key.Key, word.Key.Length, [.. word]);
        }
    }

    /// <summary>False only if no term occurs in the text.</summary>
    /// <param name="padded">Holds the text and at least <see cref="Padding"/> bytes behind it, whatever they are.</param>
    /// <param name="start">Index of the text's first byte.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="mode">What the bytes are.</param>
    public bool MayHold(ReadOnlySpan<byte> padded, int start, int length, FilterMode mode)
    {
        if (length == 0)
        {
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length + Padding, (uint)padded.Length, nameof(padded));
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(padded), start);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        var chunk = new Chunk(mode, _hasForeignWords);
        if (!chunk.Read(padded, start, length, 0, out var current))
        {
            return true;
        }

        var carry = 0UL;
        for (var offset = 0; offset < length; offset += 64)
        {
            var next = 0UL;
            if (offset + 64 < length && !chunk.Read(padded, start, length, offset + 64, out next))
            {
                return true;
            }

            var starts = current & ~((current << 1) | carry);
            carry = current >> 63;
            while (starts != 0)
            {
                var position = BitOperations.TrailingZeroCount(starts);
                starts &= starts - 1;
                var run = (current >> position) | ((next << 1) << (63 - position));
                var wordLength = BitOperations.TrailingZeroCount(~run);
                var key = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, offset + position)) | Lower) << (64 - (8 * Math.Min(wordLength, 8)));
                var hash = Hash(key, wordLength);
                if (((Unsafe.Add(ref bits, (nint)(hash >> (64 - FilterBits + 6))) >> (int)(hash >> (64 - FilterBits))) & 1) != 0
                    && MayBegin(padded.Slice(start, length), offset + position, key, wordLength, hash))
                {
                    return true;
                }
            }

            current = next;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong key, int length) => (key + (ulong)(uint)length) * Multiplier;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MayBegin(ReadOnlySpan<byte> text, int position, ulong key, int length, ulong hash)
    {
        for (var index = (int)(hash >> _slotShift); _slots[index].Patterns is { } patterns; index = (index + 1) & (_slots.Length - 1))
        {
            if (_slots[index].Key == key && _slots[index].Length == length)
            {
                foreach (var pattern in patterns)
                {
                    if (pattern.MayBeAt(text, position))
                    {
                        return true;
                    }
                }

                return false;
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

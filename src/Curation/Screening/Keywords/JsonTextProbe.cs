using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Finds the end of a JSON string, validates it and tells whether a term may occur in it, all in one pass over its bytes.</summary>
internal ref struct JsonTextProbe(WordFilter filter, ReadOnlySpan<byte> padded, int end)
{
    private readonly ReadOnlySpan<byte> _padded = padded;

    // State of the next 64 bytes: whether the first is escaped, and which belong to a numeric escape that began before.
    private ulong _escapedNext;
    private ulong _inEscapeNext;

    public bool IsEscaped { get; private set; }

    /// <summary>False only if no term occurs in what was read since the probe was made.</summary>
    public bool MayHold { get; private set; }

    /// <summary>Index of the quote that closes the string whose first byte is at <paramref name="start"/>; -1 where that is no valid string.</summary>
    public int Read(int start)
    {
        ref var text = ref MemoryMarshal.GetReference(_padded);
        (_escapedNext, _inEscapeNext) = (0, 0);
        var carry = 0UL;
        var quote = Chunk(ref text, start, out var current);
        for (var position = start; ; position += 64)
        {
            if (quote < -1)
            {
                return -1;
            }

            var isLast = quote >= 0;
            var next = 0UL;
            var found = quote;
            if (!isLast)
            {
                if (position + 64 >= end)
                {
                    return -1;
                }

                found = Chunk(ref text, position + 64, out next);
            }

            if (current != 0)
            {
                MayHold |= filter.AnyBegins(_padded[..end], position, current, next, carry, isFolded: false);
            }

            if (isLast)
            {
                return quote < end ? quote : -1;
            }

            carry = current >> 63;
            current = next;
            quote = found;
        }
    }

    /// <summary>The words among 64 bytes, up to the closing quote. Returns the quote's index, -1 where it comes later, -2 where the string is invalid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Chunk(ref byte text, int position, out ulong words)
    {
        var classes = ByteClasses.Of(in Unsafe.Add(ref text, position));
        var quotes = classes.Quotes;
        // Everything below the first quote.
        var inside = quotes ^ (quotes - 1);
        inside = quotes == 0 ? ulong.MaxValue : inside >> 1;
        words = classes.Words & inside;
        if (((classes.Rare | classes.High) & inside) != 0 || (_escapedNext | _inEscapeNext) != 0)
        {
            return SpecialChunk(position, classes, out words);
        }

        return quotes == 0 ? -1 : position + BitOperations.TrailingZeroCount(quotes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SpecialChunk(int position, ByteClasses classes, out ulong words)
    {
        ref readonly var bytes = ref _padded[position];
        var backslashes = ByteClasses.Backslashes(in bytes);
        var escaped = (backslashes | _escapedNext) == 0 ? 0 : Escaped(backslashes);
        var quotes = classes.Quotes & ~escaped;
        var inside = quotes == 0 ? ulong.MaxValue : (quotes ^ (quotes - 1)) >> 1;
        // A string that never closes reaches into the padding, which may hold anything.
        inside &= end - position >= 64 ? ulong.MaxValue : end <= position ? 0 : (1UL << (end - position)) - 1;
        words = classes.Words & inside & ~escaped & ~_inEscapeNext;
        _inEscapeNext = 0;
        if ((classes.Rare & ~backslashes & inside) != 0)
        {
            return -2;
        }

        if ((classes.High & inside) != 0)
        {
            MayHold |= filter.HasForeignWords || FoldingTriggers.Any(_padded[..end], position, FoldingTriggers.MayLead(in bytes) & inside);
        }

        if ((escaped & inside) != 0 && !ReadEscapes(position, escaped & inside, ref words))
        {
            return -2;
        }

        return quotes == 0 ? -1 : position + BitOperations.TrailingZeroCount(quotes);
    }

    private bool ReadEscapes(int position, ulong escaped, ref ulong words)
    {
        IsEscaped = true;
        for (; escaped != 0; escaped &= escaped - 1)
        {
            var bit = BitOperations.TrailingZeroCount(escaped);
            var at = position + bit;
            if (_padded[at] != 'u')
            {
                if (!JsonEscape.IsSimple(_padded[at]))
                {
                    return false;
                }

                continue;
            }

            var unit = JsonEscape.Hex(MemoryMarshal.Read<uint>(_padded[(at + 1)..]));
            if (unit < 0)
            {
                return false;
            }

            MayHold |= filter.HasForeignWords || FoldingTriggers.IsUnit(unit);
            words &= ~(0x1FUL << bit);
            _inEscapeNext |= bit > 59 ? 0x1FUL >> (64 - bit) : 0;
        }

        return true;
    }

    /// <summary>The bytes behind an odd number of backslashes. Adding a run's start to the run carries to the byte behind it; whether that is at an even or odd
    /// distance says whether it is escaped.</summary>
    private ulong Escaped(ulong backslashes)
    {
        const ulong Even = 0x5555555555555555;
        backslashes &= ~_escapedNext;
        var follows = (backslashes << 1) | _escapedNext;
        var oddStarts = backslashes & ~Even & ~follows;
        var sum = unchecked(oddStarts + backslashes);
        _escapedNext = sum < backslashes ? 1UL : 0;
        return (Even ^ (sum << 1)) & follows;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Reads a text 64 bytes at a time for <see cref="WordFilter"/>.</summary>
internal ref struct Chunk(FilterMode mode, bool hasForeignWords)
{
    private ulong _escapedNext;

    /// <summary>The runs of ASCII letters and digits; false where something stands there that only folding can judge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(ReadOnlySpan<byte> padded, int start, int length, int offset, out ulong words)
    {
        var classes = ByteClasses.Of(in Unsafe.Add(ref MemoryMarshal.GetReference(padded), start + offset));
        var inside = length - offset >= 64 ? ulong.MaxValue : (1UL << (length - offset)) - 1;
        words = classes.Words & inside;
        var special = classes.High | (mode == FilterMode.RawJson ? classes.Backslashes | _escapedNext : 0);
        return (special & inside) == 0 || ReadSpecial(padded, start, length, offset, classes, inside, ref words);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadSpecial(ReadOnlySpan<byte> padded, int start, int length, int offset, ByteClasses classes, ulong inside, ref ulong words)
    {
        var text = padded.Slice(start, length);
        var high = classes.High & inside;
        var leads = high == 0 || mode == FilterMode.Folded ? 0 : FoldingTriggers.MayLead(in padded[start + offset]);
        if (high != 0 && (hasForeignWords || (mode != FilterMode.Folded && FoldingTriggers.Any(text, offset, leads & inside))))
        {
            return false;
        }

        if (mode == FilterMode.RawJson)
        {
            var escaped = Escaped(classes.Backslashes & inside);
            for (var left = escaped & words; left != 0; left &= left - 1)
            {
                if (text[offset + System.Numerics.BitOperations.TrailingZeroCount(left)] == 'u')
                {
                    return false;
                }
            }

            words &= ~escaped;
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

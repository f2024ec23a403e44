using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Which of 64 bytes are what, a bit for each, the first byte lowest.</summary>
/// <param name="Words">ASCII letters and digits.</param>
/// <param name="High">Bytes beyond ASCII.</param>
/// <param name="Backslashes">Backslashes.</param>
internal readonly record struct ByteClasses(ulong Words, ulong High, ulong Backslashes)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteClasses Of(ref readonly byte bytes)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var all = Vector512.LoadUnsafe(in bytes);
            return new ByteClasses(
                (Vector512.LessThanOrEqual((all | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)25))
                    | Vector512.LessThanOrEqual(all - Vector512.Create((byte)'0'), Vector512.Create((byte)9))).ExtractMostSignificantBits(),
                all.ExtractMostSignificantBits(),
                Vector512.Equals(all, Vector512.Create((byte)'\\')).ExtractMostSignificantBits());
        }

        var low = Vector256.LoadUnsafe(in bytes);
        var high = Vector256.LoadUnsafe(in bytes, 32);
        return new ByteClasses(Join(IsWord(low), IsWord(high)), Join(low, high), Join(IsBackslash(low), IsBackslash(high)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> IsWord(Vector256<byte> bytes) =>
        Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25))
        | Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> IsBackslash(Vector256<byte> bytes) => Vector256.Equals(bytes, Vector256.Create((byte)'\\'));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> low, Vector256<byte> high) => low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
}

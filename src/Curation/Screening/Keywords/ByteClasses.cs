using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Which of 64 bytes are what, a bit for each, the first byte lowest.</summary>
/// <param name="Words">ASCII letters and digits.</param>
/// <param name="High">Bytes beyond ASCII.</param>
/// <param name="Quotes">Double quotes.</param>
/// <param name="Rare">Backslashes and control characters.</param>
internal readonly record struct ByteClasses(ulong Words, ulong High, ulong Quotes, ulong Rare)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteClasses Of(ref readonly byte bytes)
    {
        var low = Of(Vector256.LoadUnsafe(in bytes));
        var high = Of(Vector256.LoadUnsafe(in bytes, 32));
        return new ByteClasses(low.Words | (high.Words << 32), low.High | (high.High << 32), low.Quotes | (high.Quotes << 32), low.Rare | (high.Rare << 32));
    }

    /// <summary>Which of 64 bytes are backslashes.</summary>
    public static ulong Backslashes(ref readonly byte bytes) =>
        Vector256.Equals(Vector256.LoadUnsafe(in bytes), Vector256.Create((byte)'\\')).ExtractMostSignificantBits()
        | ((ulong)Vector256.Equals(Vector256.LoadUnsafe(in bytes, 32), Vector256.Create((byte)'\\')).ExtractMostSignificantBits() << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ByteClasses Of(Vector256<byte> bytes) => new(
        (Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25))
            | Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9))).ExtractMostSignificantBits(),
        bytes.ExtractMostSignificantBits(),
        Vector256.Equals(bytes, Vector256.Create((byte)'"')).ExtractMostSignificantBits(),
        (Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.LessThanOrEqual(bytes, Vector256.Create((byte)0x1F))).ExtractMostSignificantBits());
}

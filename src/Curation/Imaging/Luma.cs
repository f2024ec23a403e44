using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Imaging;

/// <summary>Rec. 601 luma, 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point rounded to the nearest level.</summary>
public static class Luma
{
    private const int Red = 19595, Green = 38470, Blue = 7471, Half = 1 << 15;

    /// <summary>Luma 0..255 of one pixel.</summary>
    public static byte Of(byte red, byte green, byte blue) => (byte)((Red * red + Green * green + Blue * blue + Half) >> 16);

    /// <summary>Converts RGB triples [n,3] to luma [n].</summary>
    /// <exception cref="ArgumentException"><paramref name="luma"/> is not a third as long as <paramref name="rgb"/>.</exception>
    public static void Convert(ReadOnlySpan<byte> rgb, Span<byte> luma)
    {
        if (rgb.Length != luma.Length * 3)
            throw new ArgumentException("Luma needs one byte for each RGB triple.", nameof(luma));
        var done = Vector128.IsHardwareAccelerated ? ConvertBlocks(rgb, luma) : 0;
        for (var i = done; i < luma.Length; i++)
            luma[i] = Of(rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]);
    }

    /// <summary>Four pixels at a time; a load takes 16 bytes of which 12 are used, so the last pixels stay for the caller.</summary>
    private static int ConvertBlocks(ReadOnlySpan<byte> rgb, Span<byte> luma)
    {
        ref var source = ref MemoryMarshal.GetReference(rgb);
        ref var target = ref MemoryMarshal.GetReference(luma);
        const byte No = 255;
        var pickRed = Vector128.Create(0, No, No, No, 3, No, No, No, 6, No, No, No, 9, No, No, No);
        var pickGreen = Vector128.Create(1, No, No, No, 4, No, No, No, 7, No, No, No, 10, No, No, No);
        var pickBlue = Vector128.Create(2, No, No, No, 5, No, No, No, 8, No, No, No, 11, No, No, No);
        var half = Vector128.Create(Half);
        var i = 0;
        for (; i * 3 + 64 <= rgb.Length; i += 16)
        {
            var a = Four(ref source, (nuint)(i * 3), pickRed, pickGreen, pickBlue, half);
            var b = Four(ref source, (nuint)(i * 3 + 12), pickRed, pickGreen, pickBlue, half);
            var c = Four(ref source, (nuint)(i * 3 + 24), pickRed, pickGreen, pickBlue, half);
            var d = Four(ref source, (nuint)(i * 3 + 36), pickRed, pickGreen, pickBlue, half);
            Vector128.Narrow(Vector128.Narrow(a, b).AsUInt16(), Vector128.Narrow(c, d).AsUInt16())
                .StoreUnsafe(ref target, (nuint)i);
        }

        return i;
    }

    private static Vector128<int> Four(ref byte source, nuint offset, Vector128<byte> pickRed, Vector128<byte> pickGreen, Vector128<byte> pickBlue, Vector128<int> half)
    {
        var bytes = Vector128.LoadUnsafe(ref source, offset);
        var red = Vector128.Shuffle(bytes, pickRed).AsInt32() * Red;
        var green = Vector128.Shuffle(bytes, pickGreen).AsInt32() * Green;
        var blue = Vector128.Shuffle(bytes, pickBlue).AsInt32() * Blue;
        return (red + green + blue + half) >> 16;
    }
}

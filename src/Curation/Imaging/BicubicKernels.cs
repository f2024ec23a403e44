using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MedGenCluster.Curation.Imaging;

/// <summary>The two passes of the fixed-point bicubic over one row. The AVX2 and the plain versions give the same bytes.</summary>
internal static unsafe class BicubicKernels
{
    private const int Half = 1 << (BicubicWindow.PrecisionBits - 1);

    /// <summary>RGB row to the window's outputs [outputs,3].</summary>
    public static void Horizontal(ReadOnlySpan<byte> row, BicubicWindow window, Span<byte> output)
    {
        for (var o = 0; o < window.First.Length; o++)
        {
            int red = Half, green = Half, blue = Half;
            var weights = window.Weights.AsSpan(o * window.Stride, window.Count[o]);
            var pixels = row.Slice(window.First[o] * 3, weights.Length * 3);
            for (var i = 0; i < weights.Length; i++)
            {
                red += weights[i] * pixels[i * 3];
                green += weights[i] * pixels[i * 3 + 1];
                blue += weights[i] * pixels[i * 3 + 2];
            }

            output[o * 3] = Clamp(red);
            output[o * 3 + 1] = Clamp(green);
            output[o * 3 + 2] = Clamp(blue);
        }
    }

    /// <summary>As <see cref="Horizontal"/>; reads <see cref="PairedTaps.ReadAhead"/> bytes behind the row and writes one byte behind the
    /// last output, which <paramref name="row"/> and <paramref name="output"/> must have.</summary>
    public static void HorizontalAvx2(ReadOnlySpan<byte> row, PairedTaps taps, Span<byte> output)
    {
        var outputs = taps.FirstByte.Length;
        if (output.Length < outputs * 3 + 1 || row.Length < taps.RowBytes + PairedTaps.ReadAhead)
            throw new ArgumentException("The rows need spare bytes at their ends.");
        const byte No = 0x80;
        var pick = Vector256.Create(
            0, No, 3, No, 1, No, 4, No, 2, No, 5, No, No, No, No, No,
            6, No, 9, No, 7, No, 10, No, 8, No, 11, No, No, No, No, No);
        var half = Vector128.Create(Half);
        fixed (byte* source = row, target = output)
        fixed (short* table = taps.Weights)
        fixed (int* starts = taps.FirstByte)
        {
            var weights = table;
            for (var o = 0; o < outputs; o++)
            {
                var at = source + starts[o];
                var high = Vector256<int>.Zero;
                var low = Vector256<int>.Zero;
                for (var g = 0; g < taps.Groups; g++, at += 12, weights += 32)
                {
                    var pixels = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at), pick).AsInt16();
                    high = Avx2.Add(high, Avx2.MultiplyAddAdjacent(pixels, Avx.LoadVector256(weights)));
                    low = Avx2.Add(low, Avx2.MultiplyAddAdjacent(pixels, Avx.LoadVector256(weights + 16)));
                }

                var both = Avx2.Add(Avx2.ShiftLeftLogical(high, PairedTaps.LowBits), low);
                var sum = Sse2.ShiftRightArithmetic(Sse2.Add(Sse2.Add(both.GetLower(), both.GetUpper()), half), BicubicWindow.PrecisionBits);
                var words = Sse2.PackSignedSaturate(sum, sum);
                *(uint*)(target + o * 3) = Sse2.PackUnsignedSaturate(words, words).AsUInt32().ToScalar();
            }
        }
    }

    /// <summary>Weighted sum of rows of <paramref name="rows"/> that are <paramref name="stride"/> bytes apart.</summary>
    public static void Vertical(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights, Span<byte> output)
    {
        for (var x = 0; x < output.Length; x++)
        {
            var sum = Half;
            for (var i = 0; i < weights.Length; i++)
                sum += weights[i] * rows[i * stride + x];
            output[x] = Clamp(sum);
        }
    }

    /// <summary>As <see cref="Vertical"/>, for an output whose length is a multiple of 32.</summary>
    public static void VerticalAvx2(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights, Span<byte> output)
    {
        if (output.Length % 32 != 0 || rows.Length < (weights.Length - 1) * stride + output.Length)
            throw new ArgumentException("Rows of a multiple of 32 bytes are needed.", nameof(rows));
        fixed (byte* source = rows, target = output)
        {
            for (var x = 0; x < output.Length; x += 32)
            {
                var a = Vector256.Create(Half);
                var b = a;
                var c = a;
                var d = a;
                var at = source + x;
                for (var i = 0; i < weights.Length; i++, at += stride)
                {
                    var weight = Vector256.Create(weights[i]);
                    a = Avx2.Add(a, Avx2.MultiplyLow(Avx2.ConvertToVector256Int32(at), weight));
                    b = Avx2.Add(b, Avx2.MultiplyLow(Avx2.ConvertToVector256Int32(at + 8), weight));
                    c = Avx2.Add(c, Avx2.MultiplyLow(Avx2.ConvertToVector256Int32(at + 16), weight));
                    d = Avx2.Add(d, Avx2.MultiplyLow(Avx2.ConvertToVector256Int32(at + 24), weight));
                }

                // Packing works within 128-bit lanes, so the eight groups of four bytes come out interleaved.
                var words = Avx2.PackSignedSaturate(Shift(a), Shift(b));
                var more = Avx2.PackSignedSaturate(Shift(c), Shift(d));
                var bytes = Avx2.PackUnsignedSaturate(words, more).AsInt32();
                Avx2.PermuteVar8x32(bytes, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().Store(target + x);
            }
        }

        static Vector256<int> Shift(Vector256<int> sum) => Avx2.ShiftRightArithmetic(sum, BicubicWindow.PrecisionBits);
    }

    private static byte Clamp(int sum) => (byte)Math.Clamp(sum >> BicubicWindow.PrecisionBits, 0, 255);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Imaging;

/// <summary>Per-channel normalisation of 8-bit values as a table of 3 x 256 floats: <c>(v / divisor - mean) / std</c>, computed
/// in float32 as the reference implementations do.</summary>
public sealed class ChannelLut
{
    private readonly float[] table = new float[3 * 256];

    /// <param name="mean">Three channel means, in the unit of <c>v / divisor</c>.</param>
    /// <param name="std">Three channel deviations, in the same unit.</param>
    /// <param name="divisor">255 where the means are given for 0..1, 1 where they are given for 0..255.</param>
    public ChannelLut(ReadOnlySpan<float> mean, ReadOnlySpan<float> std, float divisor)
    {
        if (mean.Length != 3 || std.Length != 3)
            throw new ArgumentException("Three means and three deviations are needed, one per channel.");
        for (var channel = 0; channel < 3; channel++)
        {
            for (var value = 0; value < 256; value++)
                table[channel * 256 + value] = (value / divisor - mean[channel]) / std[channel];
        }
    }

    /// <summary>The normalised value of one byte.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    /// <param name="value">The 8-bit level.</param>
    public float this[int channel, byte value] => table[channel * 256 + value];

    /// <summary>Splits RGB triples [n,3] into three rows of normalised floats, each [n].</summary>
    public void WritePlanar(ReadOnlySpan<byte> rgb, Span<float> red, Span<float> green, Span<float> blue)
    {
        var count = rgb.Length / 3;
        if (rgb.Length % 3 != 0 || red.Length != count || green.Length != count || blue.Length != count)
            throw new ArgumentException("Three planes of a third of the bytes are needed.", nameof(rgb));
        ref var source = ref MemoryMarshal.GetReference(rgb);
        ref var lut = ref MemoryMarshal.GetArrayDataReference(table);
        ref var r = ref MemoryMarshal.GetReference(red);
        ref var g = ref MemoryMarshal.GetReference(green);
        ref var b = ref MemoryMarshal.GetReference(blue);
        for (nint i = 0, at = 0; i < count; i++, at += 3)
        {
            Unsafe.Add(ref r, i) = Unsafe.Add(ref lut, (nint)Unsafe.Add(ref source, at));
            Unsafe.Add(ref g, i) = Unsafe.Add(ref lut, 256 + (nint)Unsafe.Add(ref source, at + 1));
            Unsafe.Add(ref b, i) = Unsafe.Add(ref lut, 512 + (nint)Unsafe.Add(ref source, at + 2));
        }
    }
}

using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Tests.Demo;

/// <summary>The usual 64-bit DCT hash: 32x32 grey means, the 8x8 lowest frequencies against their median.</summary>
internal static class PerceptualHash
{
    private const int Side = 32;

    public static ulong Of(Raster raster)
    {
        var grey = Shrink(raster);
        var low = new double[64];
        for (var v = 0; v < 8; v++)
            for (var u = 0; u < 8; u++)
                low[(v * 8) + u] = Coefficient(grey, u, v);
        var median = low.Skip(1).Order().ElementAt(31);
        ulong hash = 0;
        for (var i = 0; i < 64; i++)
            hash |= low[i] > median ? 1UL << i : 0;
        return hash;
    }

    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    private static double Coefficient(double[] grey, int u, int v)
    {
        var sum = 0.0;
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                sum += grey[(y * Side) + x] * Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * Side)) * Math.Cos(((2 * y) + 1) * v * Math.PI / (2 * Side));
        return sum;
    }

    private static double[] Shrink(Raster raster)
    {
        var sums = new double[Side * Side];
        var counts = new int[Side * Side];
        for (var y = 0; y < raster.Height; y++)
        {
            for (var x = 0; x < raster.Width; x++)
            {
                var cell = (y * Side / raster.Height * Side) + (x * Side / raster.Width);
                sums[cell] += Frames.Luma(raster, x, y);
                counts[cell]++;
            }
        }

        for (var i = 0; i < sums.Length; i++)
            sums[i] /= Math.Max(1, counts[i]);
        return sums;
    }
}

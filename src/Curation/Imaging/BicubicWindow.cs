namespace MedGenCluster.Curation.Imaging;

/// <summary>The taps of one antialiased bicubic pass (a = -0.5) from <see cref="InputSize"/> to some output size, for the outputs
/// that a crop keeps, in the 22-bit fixed point of Pillow (python-pillow/Pillow, src/libImaging/Resample.c).</summary>
internal sealed class BicubicWindow
{
    public const int PrecisionBits = 22;

    private BicubicWindow(int inputSize, int[] first, int[] count, int[] weights, int stride)
    {
        InputSize = inputSize;
        First = first;
        Count = count;
        Weights = weights;
        Stride = stride;
    }

    public int InputSize { get; }

    /// <summary>First input position of each kept output.</summary>
    public int[] First { get; }

    /// <summary>Number of taps of each kept output.</summary>
    public int[] Count { get; }

    /// <summary>Weights of output o from <c>o * Stride</c>, zero behind its taps.</summary>
    public int[] Weights { get; }

    /// <summary>The largest number of taps.</summary>
    public int Stride { get; }

    /// <summary>Lowest input position that any output reads.</summary>
    public int Begin => First[0];

    /// <summary>One past the highest input position that any output reads.</summary>
    public int End => First[^1] + Count[^1];

    public static BicubicWindow Create(int inputSize, int outputSize, int cropStart, int cropLength)
    {
        var scale = (double)inputSize / outputSize;
        var filterScale = Math.Max(scale, 1.0);
        var support = 2.0 * filterScale;
        var inverse = 1.0 / filterScale;
        var stride = (int)Math.Ceiling(support) * 2 + 1;
        var first = new int[cropLength];
        var count = new int[cropLength];
        var weights = new int[cropLength * stride];
        var taps = new double[stride];
        for (var o = 0; o < cropLength; o++)
        {
            var centre = (o + cropStart + 0.5) * scale;
            var from = Math.Max(0, (int)(centre - support + 0.5));
            var n = Math.Min(inputSize, (int)(centre + support + 0.5)) - from;
            var sum = 0.0;
            for (var i = 0; i < n; i++)
                sum += taps[i] = Bicubic((i + from - centre + 0.5) * inverse);
            for (var i = 0; i < n; i++)
                weights[o * stride + i] = ToFixed(sum == 0 ? taps[i] : taps[i] / sum);
            first[o] = from;
            count[o] = n;
        }

        return new BicubicWindow(inputSize, first, count, weights, stride);
    }

    private static int ToFixed(double weight)
    {
        var scaled = weight * (1 << PrecisionBits);
        return (int)(weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    private static double Bicubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * A
            : 0;
    }
}

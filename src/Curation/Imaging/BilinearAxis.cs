namespace MedGenCluster.Curation.Imaging;

/// <summary>Positions and fractions of one axis of a bilinear resize without antialias: half-pixel centres, the source coordinate
/// <c>(d + 0.5) * step - 0.5</c> clamped at 0. As in PyTorch's vectorised interpolate the step is a float32, the coordinate is not
/// rounded, and only the fraction is a float32 again; values beside an integer depend on it.</summary>
internal sealed class BilinearAxis
{
    public BilinearAxis(int inputSize, int outputSize, float step)
    {
        Low = new int[outputSize];
        High = new int[outputSize];
        Fraction = new float[outputSize];
        for (var o = 0; o < outputSize; o++)
        {
            var at = Math.Max(0, (double)step * (o + 0.5) - 0.5);
            Low[o] = Math.Min((int)at, inputSize - 1);
            High[o] = Math.Min(Low[o] + 1, inputSize - 1);
            Fraction[o] = (float)Math.Min(at - Low[o], 1);
        }
    }

    /// <summary>The nearer position below.</summary>
    public int[] Low { get; }

    /// <summary>The next position, the same as <see cref="Low"/> at the end.</summary>
    public int[] High { get; }

    /// <summary>Weight of <see cref="High"/>.</summary>
    public float[] Fraction { get; }
}

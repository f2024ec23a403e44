namespace MedGenCluster.Curation.Imaging;

/// <summary>Positions and fractions of one axis of a bilinear resize without antialias: half-pixel centres, the source coordinate
/// <c>(d + 0.5) * step - 0.5</c> clamped at 0, in float32 as PyTorch's interpolate computes them.</summary>
internal sealed class BilinearAxis
{
    public BilinearAxis(int inputSize, int outputSize, float step)
    {
        Low = new int[outputSize];
        High = new int[outputSize];
        Fraction = new float[outputSize];
        for (var o = 0; o < outputSize; o++)
        {
            var at = Math.Max(0f, step * (o + 0.5f) - 0.5f);
            Low[o] = Math.Min((int)at, inputSize - 1);
            High[o] = Math.Min(Low[o] + 1, inputSize - 1);
            Fraction[o] = Math.Min(Math.Max(at - Low[o], 0f), 1f);
        }
    }

    /// <summary>The nearer position below.</summary>
    public int[] Low { get; }

    /// <summary>The next position, the same as <see cref="Low"/> at the end.</summary>
    public int[] High { get; }

    /// <summary>Weight of <see cref="High"/>.</summary>
    public float[] Fraction { get; }
}

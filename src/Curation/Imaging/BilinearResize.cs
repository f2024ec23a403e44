using System.Buffers;
using System.Numerics;

namespace MedGenCluster.Curation.Imaging;

/// <summary>Bilinear resize of RGB24 pictures of one size without antialias, in float32. Immutable and safe to share between
/// threads; scratch rows come from a pool.</summary>
public sealed class BilinearResize
{
    private readonly BilinearAxis columns;
    private readonly BilinearAxis rows;
    private readonly float[] levels = new float[256];
    private readonly float gain;
    private readonly bool truncate;

    private BilinearResize(int width, int height, int outputWidth, int outputHeight, float stepX, float stepY, float gain, bool truncate)
    {
        InputWidth = width;
        InputHeight = height;
        OutputWidth = outputWidth;
        OutputHeight = outputHeight;
        columns = new BilinearAxis(width, outputWidth, stepX);
        rows = new BilinearAxis(height, outputHeight, stepY);
        this.gain = gain;
        this.truncate = truncate;
        for (var i = 0; i < levels.Length; i++)
            levels[i] = i / gain;
    }

    public int InputWidth { get; }

    public int InputHeight { get; }

    public int OutputWidth { get; }

    public int OutputHeight { get; }

    /// <summary>Bytes of one output picture [OutputHeight, OutputWidth, 3].</summary>
    public int OutputLength => OutputWidth * OutputHeight * 3;

    /// <summary>To exactly the given size, the aspect not kept, rounded to the nearest level (DOVER's aesthetic view with
    /// torchvision before 0.17: VQAssessment/DOVER dover/datasets/dover_datasets.py).</summary>
    public static BilinearResize ToSize(int width, int height, int outputWidth, int outputHeight)
    {
        ThrowIfEmpty(width, height);
        ThrowIfEmpty(outputWidth, outputHeight);
        return new BilinearResize(width, height, outputWidth, outputHeight, (float)width / outputWidth, (float)height / outputHeight, 1f, false);
    }

    /// <summary>By a factor on values / 255, times 255 and truncated; the size is <c>floor(size * factor)</c> in double (DOVER's
    /// enlargement of frames whose short edge is below the fragment picture's).</summary>
    public static BilinearResize ByFactor(int width, int height, double factor)
    {
        ThrowIfEmpty(width, height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        var step = (float)(1.0 / factor);
        return new BilinearResize(width, height, (int)Math.Floor(width * factor), (int)Math.Floor(height * factor), step, step, 255f, true);
    }

    /// <summary>Resizes one picture into <paramref name="output"/>, [OutputHeight, OutputWidth, 3].</summary>
    /// <exception cref="ArgumentException">The picture or the output does not have the size of this resize.</exception>
    public void Write(Rgb24View image, Span<byte> output)
    {
        if (image.Width != InputWidth || image.Height != InputHeight || output.Length != OutputLength)
            throw new ArgumentException($"This resize goes from {InputWidth}x{InputHeight} to {OutputWidth}x{OutputHeight}.");
        var length = OutputWidth * 3;
        var scratch = ArrayPool<float>.Shared.Rent(length * 2);
        try
        {
            var upper = scratch.AsSpan(0, length);
            var lower = scratch.AsSpan(length, length);
            int upperRow = -1, lowerRow = -1;
            for (var y = 0; y < OutputHeight; y++)
            {
                int low = rows.Low[y], high = rows.High[y];
                if (low == lowerRow)
                {
                    // The row below becomes the row above; swapping the buffers saves the second horizontal pass.
                    var swap = upper;
                    upper = lower;
                    lower = swap;
                    (upperRow, lowerRow) = (lowerRow, upperRow);
                }

                if (low != upperRow)
                    Narrow(image.Row(upperRow = low), upper);
                if (high != lowerRow)
                    Narrow(image.Row(lowerRow = high), lower);
                Mix(upper, lower, rows.Fraction[y], output.Slice(y * length, length));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private static void ThrowIfEmpty(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
    }

    private void Narrow(ReadOnlySpan<byte> row, Span<float> target)
    {
        for (var o = 0; o < OutputWidth; o++)
        {
            var fraction = columns.Fraction[o];
            var rest = 1f - fraction;
            var a = row.Slice(columns.Low[o] * 3, 3);
            var b = row.Slice(columns.High[o] * 3, 3);
            var to = target.Slice(o * 3, 3);
            to[0] = rest * levels[a[0]] + fraction * levels[b[0]];
            to[1] = rest * levels[a[1]] + fraction * levels[b[1]];
            to[2] = rest * levels[a[2]] + fraction * levels[b[2]];
        }
    }

    private void Mix(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float fraction, Span<byte> output)
    {
        var rest = 1f - fraction;
        var step = Vector<float>.Count;
        Span<float> block = stackalloc float[step];
        for (var x = 0; x < output.Length; x += step)
        {
            var n = Math.Min(step, output.Length - x);
            if (n == step)
            {
                ((rest * new Vector<float>(upper[x..]) + fraction * new Vector<float>(lower[x..])) * gain).CopyTo(block);
            }
            else
            {
                for (var i = 0; i < n; i++)
                    block[i] = (rest * upper[x + i] + fraction * lower[x + i]) * gain;
            }

            for (var i = 0; i < n; i++)
                output[x + i] = (byte)Math.Clamp((int)(truncate ? block[i] : MathF.Round(block[i])), 0, 255);
        }
    }
}

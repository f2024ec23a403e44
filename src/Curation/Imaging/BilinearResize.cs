using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Imaging;

/// <summary>Bilinear resize of RGB24 pictures of one size without antialias, in float32 with the operation order of PyTorch's
/// vectorised interpolate (columns first, then rows, each <c>fma(low, 1 - f, high * f)</c>), so that truncated values agree too.
/// Immutable and safe to share between threads; scratch rows come from a pool.</summary>
public sealed class BilinearResize
{
    private readonly BilinearAxis columns;
    private readonly BilinearAxis rows;
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
            int low = columns.Low[o] * 3, high = columns.High[o] * 3;
            if (high + 4 <= row.Length && o + 1 < OutputWidth)
            {
                // The fourth lane is the next pixel's red; what it writes is overwritten by the next output.
                var mixed = Vector128.FusedMultiplyAdd(Levels(row, low), Vector128.Create(rest), Levels(row, high) * fraction);
                mixed.StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)(o * 3));
                continue;
            }

            for (var c = 0; c < 3; c++)
                target[o * 3 + c] = MathF.FusedMultiplyAdd(row[low + c] / gain, rest, row[high + c] / gain * fraction);
        }
    }

    private Vector128<float> Levels(ReadOnlySpan<byte> row, int at)
    {
        var bytes = Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt32LittleEndian(row[at..])).AsByte();
        var levels = Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
        return gain == 1f ? levels : levels / gain;
    }

    private void Mix(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float fraction, Span<byte> output)
    {
        var rest = 1f - fraction;
        var x = 0;
        for (; x + 16 <= output.Length; x += 16)
        {
            var words = Vector128.Narrow(Four(upper, lower, x), Four(upper, lower, x + 4));
            var more = Vector128.Narrow(Four(upper, lower, x + 8), Four(upper, lower, x + 12));
            Vector128.Narrow(words.AsUInt16(), more.AsUInt16()).StoreUnsafe(ref output[x]);
        }

        for (; x < output.Length; x++)
        {
            var value = MathF.FusedMultiplyAdd(upper[x], rest, lower[x] * fraction) * gain;
            output[x] = (byte)Math.Clamp((int)(truncate ? value : MathF.Round(value)), 0, 255);
        }

        Vector128<int> Four(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, int at)
        {
            var value = Vector128.FusedMultiplyAdd(
                Vector128.Create(upper[at..]), Vector128.Create(rest), Vector128.Create(lower[at..]) * fraction) * gain;
            var whole = Vector128.ConvertToInt32(truncate ? value : Vector128.Round(value));
            return Vector128.Min(Vector128.Max(whole, Vector128<int>.Zero), Vector128.Create(255));
        }
    }
}

using System.Buffers;
using System.Runtime.Intrinsics.X86;

namespace MedGenCluster.Curation.Imaging;

/// <summary>CLIP's image transform (openai/CLIP clip/clip.py, ViT-L/14 at 224 px), equal to Pillow's to the bit: short edge to 224
/// with an antialiased bicubic in fixed point, centre crop, normalisation. Nothing is allocated per picture, and only the rows
/// and columns that the crop keeps are computed.</summary>
public static class ClipPreprocessor
{
    /// <summary>Edge of the crop in pixels.</summary>
    public const int Size = 224;

    /// <summary>Floats of one tensor [3,224,224].</summary>
    public const int TensorLength = 3 * Size * Size;

    /// <summary>Bytes of one 8-bit crop [224,224,3].</summary>
    public const int CropLength = Size * Size * 3;

    private const int RowBytes = Size * 3;

    // One spare vector behind each row, which the horizontal kernel may touch.
    private const int ScratchStride = RowBytes + 32;

    /// <summary>CLIP's channel statistics.</summary>
    public static ChannelLut Normalisation { get; } = new(
        [0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f], 255f);

    /// <summary>Size after the resize: the short edge becomes 224, the long one is truncated.</summary>
    public static (int Width, int Height) ResizedSize(int width, int height) => width <= height
        ? (Size, (int)((long)Size * height / width))
        : ((int)((long)Size * width / height), Size);

    /// <summary>Left and top of the centre crop, halves rounded to even.</summary>
    public static (int Left, int Top) CropOffset(int resizedWidth, int resizedHeight) =>
        ((int)Math.Round((resizedWidth - Size) / 2.0, MidpointRounding.ToEven), (int)Math.Round((resizedHeight - Size) / 2.0, MidpointRounding.ToEven));

    /// <summary>Writes the normalised picture as [3,224,224] (channel, row, column) in C order.</summary>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> does not have <see cref="TensorLength"/> elements.</exception>
    public static void Write(Rgb24View image, Span<float> tensor)
    {
        if (tensor.Length != TensorLength)
            throw new ArgumentException($"The tensor has {tensor.Length} elements instead of {TensorLength}.", nameof(tensor));
        Run(image, default, tensor);
    }

    /// <summary>Writes the 8-bit crop before normalisation as [224,224,3] (row, column, channel).</summary>
    /// <exception cref="ArgumentException"><paramref name="crop"/> does not have <see cref="CropLength"/> bytes.</exception>
    public static void WriteCrop(Rgb24View image, Span<byte> crop)
    {
        if (crop.Length != CropLength)
            throw new ArgumentException($"The crop has {crop.Length} bytes instead of {CropLength}.", nameof(crop));
        Run(image, crop, default);
    }

    private static void Run(Rgb24View image, Span<byte> crop, Span<float> tensor)
    {
        var plan = ClipCropPlan.For(image.Width, image.Height);
        var scratch = ArrayPool<byte>.Shared.Rent(plan.RowCount * ScratchStride);
        try
        {
            for (var y = 0; y < plan.RowCount; y++)
                NarrowRow(image, plan.FirstRow + y, plan, scratch.AsSpan(y * ScratchStride, ScratchStride));
            Span<byte> row = stackalloc byte[RowBytes];
            for (var y = 0; y < Size; y++)
            {
                MixRows(scratch, plan, y, row);
                if (!crop.IsEmpty)
                    row.CopyTo(crop[(y * RowBytes)..]);
                else
                    Normalisation.WritePlanar(row, Plane(tensor, 0, y), Plane(tensor, 1, y), Plane(tensor, 2, y));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static Span<float> Plane(Span<float> tensor, int channel, int y) => tensor.Slice((channel * Size + y) * Size, Size);

    private static void NarrowRow(Rgb24View image, int y, ClipCropPlan plan, Span<byte> target)
    {
        var rest = image.Pixels[(y * image.Stride)..];
        if (plan.Horizontal is not { } window)
            rest.Slice(plan.Left * 3, RowBytes).CopyTo(target);
        else if (Avx2.IsSupported && plan.HorizontalTaps is { } taps && rest.Length >= image.Stride + PairedTaps.ReadAhead)
            BicubicKernels.HorizontalAvx2(rest, taps, target);
        else
            BicubicKernels.Horizontal(rest, window, target);
    }

    private static void MixRows(ReadOnlySpan<byte> scratch, ClipCropPlan plan, int y, Span<byte> row)
    {
        if (plan.Vertical is not { } window)
        {
            scratch.Slice(y * ScratchStride, RowBytes).CopyTo(row);
            return;
        }

        var rows = scratch[((window.First[y] - window.Begin) * ScratchStride)..];
        var weights = window.Weights.AsSpan(y * window.Stride, window.Count[y]);
        if (Avx2.IsSupported)
            BicubicKernels.VerticalAvx2(rows, ScratchStride, weights, row);
        else
            BicubicKernels.Vertical(rows, ScratchStride, weights, row);
    }
}

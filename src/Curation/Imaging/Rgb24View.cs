namespace MedGenCluster.Curation.Imaging;

/// <summary>A picture of 8-bit RGB triples in row order without padding between rows, as <c>ffmpeg -pix_fmt rgb24</c> writes
/// it: <c>Pixels[(y * Width + x) * 3 + channel]</c>. It borrows the bytes and never copies them.</summary>
public readonly ref struct Rgb24View
{
    /// <param name="pixels">Exactly <c>width * height * 3</c> bytes.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentException">The length does not belong to the size.</exception>
    public Rgb24View(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.Length != (long)width * height * 3)
            throw new ArgumentException($"{pixels.Length} bytes are not a {width}x{height} RGB24 picture.", nameof(pixels));
        Pixels = pixels;
        Width = width;
        Height = height;
    }

    public ReadOnlySpan<byte> Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Bytes of one row.</summary>
    public int Stride => Width * 3;

    /// <summary>Row <paramref name="y"/>, <c>Width * 3</c> bytes.</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice(y * Stride, Stride);
}

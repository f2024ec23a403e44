namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>What is done to a finished frame.</summary>
public enum Degradation
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Strong blur, washed out, low contrast.</summary>
    Blur,
    /// <summary>Heavy noise that changes with every frame, and blockiness.</summary>
    Noise,
}

/// <summary>Black bars.</summary>
public enum Border
{
    /// <summary>The picture fills the frame.</summary>
    None,
    /// <summary>Bars above and below.</summary>
    Letterbox,
    /// <summary>Bars left and right.</summary>
    Pillarbox,
}

/// <summary>Spoils frames in place.</summary>
public static class FrameFaults
{
    /// <summary>Applies one degradation.</summary>
    /// <param name="raster">The frame.</param>
    /// <param name="kind">What to do.</param>
    /// <param name="severity">0.8 (still clearly bad) to 1.2 (worse).</param>
    /// <param name="seed">Seeds the noise; a new value for each frame makes it temporal.</param>
    public static void Apply(Raster raster, Degradation kind, float severity, int seed)
    {
        if (kind == Degradation.Blur)
            Blur(raster, severity);
        else if (kind == Degradation.Noise)
            Noise(raster, severity, seed);
    }

    /// <summary>Blackens bars over <paramref name="fraction"/> of the height (letterbox) or width (pillarbox) on each side.</summary>
    public static void Frame(Raster raster, Border border, float fraction)
    {
        if (border == Border.None)
            return;
        var row = raster.Width * 3;
        if (border == Border.Letterbox)
        {
            var bar = (int)(fraction * raster.Height) * row;
            raster.Pixels.AsSpan(0, bar).Clear();
            raster.Pixels.AsSpan(raster.Pixels.Length - bar).Clear();
            return;
        }

        var width = (int)(fraction * raster.Width) * 3;
        for (var at = 0; at < raster.Pixels.Length; at += row)
        {
            raster.Pixels.AsSpan(at, width).Clear();
            raster.Pixels.AsSpan(at + row - width, width).Clear();
        }
    }

    private static void Blur(Raster raster, float severity)
    {
        var radius = Math.Max(2, (int)(severity * raster.Height / 34f));
        var line = new byte[Math.Max(raster.Width, raster.Height)];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < raster.Height; y++)
            {
                Average(raster.Pixels, (y * raster.Width * 3) + channel, 3, raster.Width, radius, line);
                Average(raster.Pixels, (y * raster.Width * 3) + channel, 3, raster.Width, radius, line);
            }

            for (var x = 0; x < raster.Width; x++)
            {
                Average(raster.Pixels, (x * 3) + channel, raster.Width * 3, raster.Height, radius, line);
                Average(raster.Pixels, (x * 3) + channel, raster.Width * 3, raster.Height, radius, line);
            }
        }

        var contrast = (int)(256 * Math.Clamp(0.62f - (0.18f * severity), 0.2f, 1f));
        for (var i = 0; i < raster.Pixels.Length; i++)
            raster.Pixels[i] = (byte)(136 + (((raster.Pixels[i] - 118) * contrast) >> 8));
    }

    private static void Average(byte[] pixels, int start, int stride, int count, int radius, byte[] line)
    {
        for (int i = 0, at = start; i < count; i++, at += stride)
            line[i] = pixels[at];
        var sum = (radius + 1) * line[0];
        for (var i = 1; i <= radius; i++)
            sum += line[Math.Min(i, count - 1)];
        var scale = 65536 / ((2 * radius) + 1);
        for (int i = 0, at = start; i < count; i++, at += stride)
        {
            pixels[at] = (byte)((sum * scale) >> 16);
            sum += line[Math.Min(i + radius + 1, count - 1)] - line[Math.Max(i - radius, 0)];
        }
    }

    private static void Noise(Raster raster, float severity, int seed)
    {
        Blocks(raster, 8);
        var state = unchecked((uint)((seed * 2654435761L) ^ 0x9e3779b9L)) | 1u;
        var amplitude = (int)(150 * severity);
        for (var i = 0; i < raster.Pixels.Length; i += 3)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            var luma = (((int)(state & 255) + (int)((state >> 8) & 255) - 255) * amplitude) >> 9;
            var tint = (((int)((state >> 16) & 255) - 128) * amplitude) >> 10;
            raster.Pixels[i] = (byte)Math.Clamp(raster.Pixels[i] + luma + tint, 0, 255);
            raster.Pixels[i + 1] = (byte)Math.Clamp(raster.Pixels[i + 1] + luma, 0, 255);
            raster.Pixels[i + 2] = (byte)Math.Clamp(raster.Pixels[i + 2] + luma - tint, 0, 255);
        }
    }

    // Pulls the pixels of each block half-way to the block's mean, as a starved codec does.
    private static void Blocks(Raster raster, int size)
    {
        for (var top = 0; top < raster.Height; top += size)
        {
            var bottom = Math.Min(top + size, raster.Height);
            for (var left = 0; left < raster.Width; left += size)
            {
                var right = Math.Min(left + size, raster.Width);
                for (var channel = 0; channel < 3; channel++)
                    Flatten(raster, left, top, right, bottom, channel);
            }
        }
    }

    private static void Flatten(Raster raster, int left, int top, int right, int bottom, int channel)
    {
        var sum = 0;
        for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                sum += raster.Pixels[(((y * raster.Width) + x) * 3) + channel];
        var mean = sum / ((right - left) * (bottom - top));
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                ref var pixel = ref raster.Pixels[(((y * raster.Width) + x) * 3) + channel];
                pixel = (byte)((pixel + (3 * mean)) >> 2);
            }
        }
    }
}

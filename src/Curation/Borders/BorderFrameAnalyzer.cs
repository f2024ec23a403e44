using System.Buffers;
using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Borders;

/// <summary>Looks for black bars in one frame: a black strip along a side that ends in a straight edge. Strips are found from the
/// share of black pixels; the edge map and the vote are computed only around their ends.</summary>
public static class BorderFrameAnalyzer
{
    // What the Gaussian and the Sobel operator reach beyond a row.
    private const int Margin = 4;

    private enum Side
    {
        Top,
        Bottom,
        Left,
        Right,
    }

    /// <summary>Analyses a frame of RGB triples.</summary>
    /// <param name="frame">The decoded frame; frames below 16 pixels in either direction have no borders.</param>
    /// <param name="options">Thresholds.</param>
    public static BorderFrame Analyze(Rgb24View frame, BorderOptions options)
    {
        int width = frame.Width, height = frame.Height;
        if (width < 16 || height < 16)
            return default;
        var buffer = ArrayPool<byte>.Shared.Rent(width * height);
        var counts = ArrayPool<int>.Shared.Rent(width + height);
        try
        {
            var luma = buffer.AsSpan(0, width * height);
            Luma.Convert(frame.Pixels, luma);
            var rows = counts.AsSpan(0, height);
            var columns = counts.AsSpan(height, width);
            // The second pass measures each strip only beside the picture, so that a bar at one side does not vouch for another.
            var rough = DarkProfile.Depths(luma, width, height, default, options, rows, columns);
            if (DarkProfile.IsDark(luma, width, height, rough, options.DarkFrameLuma))
                return new BorderFrame(new(0, rough.Top), new(0, rough.Bottom), new(0, rough.Left), new(0, rough.Right), true);
            var depths = rough == default ? rough : DarkProfile.Depths(luma, width, height, rough, options, rows, columns);
            return new BorderFrame(
                Look(frame, luma, Side.Top, depths.Top, rough, options),
                Look(frame, luma, Side.Bottom, depths.Bottom, rough, options),
                Look(frame, luma, Side.Left, depths.Left, rough, options),
                Look(frame, luma, Side.Right, depths.Right, rough, options),
                false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    private static BorderSide Look(Rgb24View frame, ReadOnlySpan<byte> luma, Side side, int depth, (int Top, int Bottom, int Left, int Right) known, BorderOptions options)
    {
        if (depth == 0)
            return default;
        var alongWidth = side is Side.Top or Side.Bottom;
        var (begin, end, across) = alongWidth
            ? (known.Left, frame.Width - known.Right, frame.Height)
            : (known.Top, frame.Height - known.Bottom, frame.Width);
        if (!IsBlack(frame, luma, side, depth, begin, end, options))
            return default;
        var first = Math.Max(0, depth - Margin - 3);
        var last = Math.Min(across, depth + options.MaxGap + 2 * LineVoting.Climb(end - begin) + Margin);
        using var band = new CannyBand(last - first, end - begin);
        Turn(luma, frame.Width, frame.Height, side, first, begin, band);
        band.Detect(options.CannyLow, options.CannyHigh);
        if (LineVoting.Outermost(band, options.LineSupport) is not { } line)
            return new BorderSide(0, depth);
        var (thickness, outermost) = (first + line.Middle, first + line.Outermost);
        var belongs = outermost >= depth - 3 && outermost <= depth + options.MaxGap && thickness >= options.MinThickness;
        return new BorderSide(belongs ? thickness : 0, depth);
    }

    /// <summary>Index into the luma of the pixel that is <paramref name="row"/> away from the side, <paramref name="column"/> along it.</summary>
    private static int At(Side side, int width, int height, int row, int column) => side switch
    {
        Side.Top => row * width + column,
        Side.Bottom => (height - 1 - row) * width + column,
        Side.Left => column * width + row,
        _ => column * width + width - 1 - row,
    };

    private static void Turn(ReadOnlySpan<byte> luma, int width, int height, Side side, int first, int begin, CannyBand band)
    {
        var step = side is Side.Top or Side.Bottom ? 1 : width;
        for (var r = 0; r < band.Rows; r++)
        {
            var target = band.Luma.Slice(r * band.Columns, band.Columns);
            var from = At(side, width, height, first + r, begin);
            if (step == 1)
            {
                luma.Slice(from, target.Length).CopyTo(target);
                continue;
            }

            for (var c = 0; c < target.Length; c++, from += step)
                target[c] = luma[from];
        }
    }

    /// <summary>True when the strip as a whole is black and not merely dark in luma: low mean, low deviation, no colour.</summary>
    private static bool IsBlack(Rgb24View frame, ReadOnlySpan<byte> luma, Side side, int depth, int begin, int end, BorderOptions options)
    {
        double sum = 0, squares = 0, colour = 0;
        var count = 0;
        for (var r = 0; r < depth; r += 1 + depth / 32)
        {
            for (var c = begin; c < end; c += 3)
            {
                var i = At(side, frame.Width, frame.Height, r, c);
                int level = luma[i];
                sum += level;
                squares += level * level;
                colour += Math.Max(frame.Pixels[i * 3], Math.Max(frame.Pixels[i * 3 + 1], frame.Pixels[i * 3 + 2]));
                count++;
            }
        }

        var mean = sum / count;
        return mean <= options.MaxBlackLuma && squares / count - mean * mean <= options.MaxBlackDeviation * options.MaxBlackDeviation && colour / count <= options.MaxBlackChannel;
    }
}

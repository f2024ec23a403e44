using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Tests.Borders;

/// <summary>Drawn frames for the border tests: a moving coloured picture with bars around it, and what coding makes of them.</summary>
internal sealed class BorderScene(int width, int height)
{
    private readonly SplitMix64 random = new(42);

    public byte[] Rgb { get; } = new byte[width * height * 3];

    public Rgb24View View => new(Rgb, width, height);

    /// <summary>Waves of light and colour that move with <paramref name="frame"/>, between <paramref name="low"/> and <paramref name="high"/>.</summary>
    public BorderScene Content(int frame, int low = 60, int high = 220)
    {
        for (var c = 0; c < 3; c++)
        {
            var across = Enumerable.Range(0, width).Select(x => Math.Sin((x + 9.0 * frame) / (17 + 5 * c))).ToArray();
            var down = Enumerable.Range(0, height).Select(y => Math.Cos((y - 7.0 * frame) / (13 + 4 * c))).ToArray();
            for (var i = 0; i < width * height; i++)
                Rgb[i * 3 + c] = (byte)(low + (across[i % width] + down[i / width] + 2) / 4 * (high - low));
        }

        return this;
    }

    public BorderScene Bars(int top = 0, int bottom = 0, int left = 0, int right = 0, (byte R, byte G, byte B) colour = default) =>
        Paint((x, y) => y < top || y >= height - bottom || x < left || x >= width - right, colour);

    public BorderScene Paint(Func<int, int, bool> where, (byte R, byte G, byte B) colour = default)
    {
        for (var i = 0; i < width * height; i++)
        {
            if (where(i % width, i / width))
                (Rgb[i * 3], Rgb[i * 3 + 1], Rgb[i * 3 + 2]) = colour;
        }

        return this;
    }

    /// <summary>What a coder at a low bit rate leaves: the vertical and horizontal frequencies above two thirds are lost in each 8x8
    /// block (ringing beside hard edges), and noise of a few levels remains everywhere.</summary>
    public BorderScene Coded(int noise = 3, int keep = 5)
    {
        var basis = new double[8, 8];
        for (var k = 0; k < 8; k++)
        {
            for (var n = 0; n < 8; n++)
                basis[k, n] = Math.Sqrt(k == 0 ? 1.0 / 8 : 2.0 / 8) * Math.Cos((n + 0.5) * k * Math.PI / 8);
        }

        var project = new double[8, 8];
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 8; j++)
            {
                for (var k = 0; k < keep; k++)
                    project[i, j] += basis[k, i] * basis[k, j];
            }
        }

        for (var by = 0; by + 8 <= height; by += 8)
        {
            for (var bx = 0; bx + 8 <= width; bx += 8)
            {
                for (var c = 0; c < 3; c++)
                    Filter(project, bx, by, c);
            }
        }

        for (var i = 0; i < Rgb.Length; i++)
            Rgb[i] = (byte)Math.Clamp(Rgb[i] + random.NextBelow(2 * noise + 1) - noise, 0, 255);
        return this;
    }

    private void Filter(double[,] project, int bx, int by, int c)
    {
        Span<double> half = stackalloc double[64];
        for (var i = 0; i < 8; i++)
        {
            for (var x = 0; x < 8; x++)
            {
                half[i * 8 + x] = 0;
                for (var y = 0; y < 8; y++)
                    half[i * 8 + x] += project[i, y] * Rgb[((by + y) * width + bx + x) * 3 + c];
            }
        }

        for (var y = 0; y < 8; y++)
        {
            for (var j = 0; j < 8; j++)
            {
                var value = 0.0;
                for (var x = 0; x < 8; x++)
                    value += project[j, x] * half[y * 8 + x];
                Rgb[((by + y) * width + bx + j) * 3 + c] = (byte)Math.Clamp(Math.Round(value), 0, 255);
            }
        }
    }
}

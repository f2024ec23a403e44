using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Tests.Imaging;

/// <summary>Bilinear sampling without antialias; the agreement with DOVER's pictures is in the tests of its views.</summary>
public sealed class BilinearResizeTests
{
    [Fact]
    public void Doubling_a_ramp_takes_quarter_steps_and_repeats_the_edges()
    {
        byte[] row = [0, 0, 0, 100, 100, 100];
        var output = new byte[4 * 3];

        BilinearResize.ToSize(2, 1, 4, 1).Write(new Rgb24View(row, 2, 1), output);

        Assert.Equal([0, 25, 75, 100], output.Chunk(3).Select(pixel => (int)pixel[0]));
    }

    [Fact]
    public void Halving_reads_between_the_two_middle_pixels_of_each_step()
    {
        // Without antialias only two neighbours count: (10 + 30) / 2 of 0 10 30 200, not the mean of four.
        var column = new byte[4 * 3];
        byte[] levels = [0, 10, 30, 200];
        for (var y = 0; y < 4; y++)
            column.AsSpan(y * 3, 3).Fill(levels[y]);
        var output = new byte[3];

        BilinearResize.ToSize(1, 4, 1, 1).Write(new Rgb24View(column, 1, 4), output);

        Assert.Equal(20, output[0]);
    }

    [Fact]
    public void Keeps_a_picture_of_the_same_size()
    {
        var rgb = new byte[37 * 23 * 3];
        new Random(1).NextBytes(rgb);
        var output = new byte[rgb.Length];

        BilinearResize.ToSize(37, 23, 37, 23).Write(new Rgb24View(rgb, 37, 23), output);

        Assert.Equal(rgb, output);
    }

    [Fact]
    public void Keeps_the_channels_apart_and_matches_a_direct_evaluation()
    {
        const int Width = 53, Height = 31;
        var rgb = new byte[Width * Height * 3];
        new Random(2).NextBytes(rgb);
        var resize = BilinearResize.ToSize(Width, Height, 224, 224);
        var output = new byte[resize.OutputLength];

        resize.Write(new Rgb24View(rgb, Width, Height), output);

        for (var i = 0; i < output.Length; i++)
        {
            var (y, x, c) = (i / 3 / 224, i / 3 % 224, i % 3);
            Assert.InRange(output[i], Sample(y, x, c) - 0.5005, Sample(y, x, c) + 0.5005);
        }

        double Sample(int y, int x, int c)
        {
            var (top, v) = At(y, (double)Height / 224);
            var (left, h) = At(x, (double)Width / 224);
            double Pixel(int dy, int dx) => rgb[(Math.Min(top + dy, Height - 1) * Width + Math.Min(left + dx, Width - 1)) * 3 + c];
            return (1 - v) * ((1 - h) * Pixel(0, 0) + h * Pixel(0, 1)) + v * ((1 - h) * Pixel(1, 0) + h * Pixel(1, 1));
        }

        static (int, double) At(int d, double scale)
        {
            var at = Math.Max(0, (d + 0.5) * scale - 0.5);
            return ((int)at, at - (int)at);
        }
    }

    [Fact]
    public void Refuses_a_picture_of_another_size() =>
        Assert.Throws<ArgumentException>(() => BilinearResize.ToSize(4, 4, 2, 2).Write(new Rgb24View(new byte[27], 3, 3), new byte[12]));
}

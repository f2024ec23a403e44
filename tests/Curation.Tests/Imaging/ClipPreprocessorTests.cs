using System.Security.Cryptography;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Imaging;

/// <summary>CLIP's transform against Pillow's results.</summary>
public sealed class ClipPreprocessorTests
{
    public sealed record Case(string Image, string Expected, int Width, int Height, int ResizedWidth, int ResizedHeight, int CropLeft, int CropTop, string CropSha256)
    {
        public override string ToString() => Image;
    }

    private sealed record File(Case[] Cases);

    public static TheoryData<Case> Cases => [.. Goldens.Json<File>("clip_preprocess", "cases.json").Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reproduces_the_reference_tensor(Case golden)
    {
        var png = Png.Read(Goldens.PathOf("clip_preprocess", golden.Image));
        var expected = Npy.Read(Goldens.PathOf("clip_preprocess", golden.Expected)).Floats();
        var tensor = new float[ClipPreprocessor.TensorLength];

        ClipPreprocessor.Write(new Rgb24View(png.Rgb, png.Width, png.Height), tensor);

        Assert.Equal(expected.Length, tensor.Length);
        for (var i = 0; i < tensor.Length; i++)
            Assert.True(Math.Abs(tensor[i] - expected[i]) <= 1e-6, $"element {i}: {tensor[i]} instead of {expected[i]}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reproduces_the_eight_bit_crop(Case golden)
    {
        var png = Png.Read(Goldens.PathOf("clip_preprocess", golden.Image));
        var crop = new byte[ClipPreprocessor.CropLength];

        ClipPreprocessor.WriteCrop(new Rgb24View(png.Rgb, png.Width, png.Height), crop);

        Assert.Equal(golden.CropSha256, Convert.ToHexStringLower(SHA256.HashData(crop)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resizes_and_crops_as_the_reference(Case golden)
    {
        Assert.Equal((golden.ResizedWidth, golden.ResizedHeight), ClipPreprocessor.ResizedSize(golden.Width, golden.Height));
        Assert.Equal((golden.CropLeft, golden.CropTop), ClipPreprocessor.CropOffset(golden.ResizedWidth, golden.ResizedHeight));
    }

    [Theory]
    [InlineData(397, 86)]
    [InlineData(399, 88)]
    [InlineData(398, 87)]
    public void Rounds_half_crop_offsets_to_even(int resizedWidth, int left) =>
        Assert.Equal((left, 0), ClipPreprocessor.CropOffset(resizedWidth, 224));

    [Theory]
    [InlineData(854, 480)]
    [InlineData(480, 854)]
    [InlineData(1, 1)]
    [InlineData(15, 17)]
    [InlineData(9, 300)]
    [InlineData(3000, 5)]
    [InlineData(224, 500)]
    [InlineData(226, 227)]
    public void Every_size_and_shape_follows_the_definition(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        new Random(width * 31 + height).NextBytes(rgb);
        var image = new Rgb24View(rgb, width, height);
        var crop = new byte[ClipPreprocessor.CropLength];

        ClipPreprocessor.WriteCrop(image, crop);

        Assert.Equal(DefinitionCrop(image), crop);
    }

    [Fact]
    public void A_picture_of_one_colour_stays_that_colour()
    {
        var rgb = new byte[640 * 360 * 3];
        for (var i = 0; i < rgb.Length; i += 3)
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (10, 128, 250);
        var crop = new byte[ClipPreprocessor.CropLength];

        ClipPreprocessor.WriteCrop(new Rgb24View(rgb, 640, 360), crop);

        Assert.All(crop.Chunk(3), pixel => Assert.Equal([10, 128, 250], pixel));
    }

    [Fact]
    public void Refuses_a_tensor_of_another_size() =>
        Assert.Throws<ArgumentException>(() => ClipPreprocessor.Write(new Rgb24View(new byte[12], 2, 2), new float[10]));

    [Fact]
    public void Refuses_pixels_that_do_not_belong_to_the_size() =>
        Assert.Throws<ArgumentException>(() => { _ = new Rgb24View(new byte[11], 2, 2); });

    /// <summary>The published definition, one pixel after the other: taps in double, 22-bit weights, each pass rounded to 8 bits.</summary>
    private static byte[] DefinitionCrop(Rgb24View image)
    {
        var (width, height) = ClipPreprocessor.ResizedSize(image.Width, image.Height);
        var (left, top) = ClipPreprocessor.CropOffset(width, height);
        var rows = new byte[image.Height * 224 * 3];
        for (var x = 0; x < 224; x++)
        {
            var (first, weights) = Taps(x + left, image.Width, width);
            for (var y = 0; y < image.Height; y++)
            {
                for (var c = 0; c < 3; c++)
                {
                    var sum = 1L << 21;
                    for (var i = 0; i < weights.Length; i++)
                        sum += weights[i] * image.Row(y)[(first + i) * 3 + c];
                    rows[(y * 224 + x) * 3 + c] = (byte)Math.Clamp(sum >> 22, 0, 255);
                }
            }
        }

        var crop = new byte[224 * 224 * 3];
        for (var y = 0; y < 224; y++)
        {
            var (first, weights) = Taps(y + top, image.Height, height);
            for (var x = 0; x < 224 * 3; x++)
            {
                var sum = 1L << 21;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * rows[(first + i) * 224 * 3 + x];
                crop[y * 224 * 3 + x] = (byte)Math.Clamp(sum >> 22, 0, 255);
            }
        }

        return crop;
    }

    private static (int First, long[] Weights) Taps(int output, int inputSize, int outputSize)
    {
        if (inputSize == outputSize)
            return (output, [1L << 22]);
        var scale = (double)inputSize / outputSize;
        var f = Math.Max(scale, 1);
        var centre = (output + 0.5) * scale;
        var first = Math.Max(0, (int)(centre - 2 * f + 0.5));
        var end = Math.Min(inputSize, (int)(centre + 2 * f + 0.5));
        var exact = Enumerable.Range(first, end - first).Select(i => Bicubic(Math.Abs((i - centre + 0.5) / f))).ToArray();
        var total = exact.Sum();
        return (first, [.. exact.Select(w => (long)Math.Round(w / total * (1 << 22), MidpointRounding.AwayFromZero))]);
    }

    private static double Bicubic(double x) => x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : x < 2 ? -0.5 * (x * x * x - 5 * x * x + 8 * x - 4) : 0;
}

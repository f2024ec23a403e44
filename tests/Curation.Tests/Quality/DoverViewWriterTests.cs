using System.Security.Cryptography;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Quality;

/// <summary>The views of the two branches, filled frame by frame.</summary>
public sealed class DoverViewWriterTests
{
    private const int Plane = 224 * 224;

    private sealed record Grid(int[][][][] OffsetsClipRowColumnDydx, string TechnicalT0);

    private sealed record Video(
        string Name, int Frames, int Height, int Width, string Clip, int[]? TechnicalIndices, int AestheticFrame, int[][][][]? OffsetsClipRowColumnDydx,
        string? TechnicalT0, string? TechnicalUint8Sha256, double[][]? TechnicalNormalisedMeanPerClipChannel, string AestheticNoaa, Grid? AsShipped, Grid? Corrected);

    private sealed record Size(int Height, int Width, int UpscaledHeight, int UpscaledWidth);

    private sealed record Expected(Video[] Videos, Size[] UpscaleSizes);

    private static Expected Golden => Goldens.Json<Expected>("dover_views", "expected.json");

    [Fact]
    public void Large_frames_give_the_reference_fragments_exactly()
    {
        var video = Golden.Videos.Single(video => video.Name == "large");
        var plan = DoverPlan.Create(video.Frames, video.Width, video.Height, FragmentGridMode.AsShipped, Offsets(video.OffsetsClipRowColumnDydx!));
        var views = Fill(plan, Npy.Read(Goldens.PathOf("dover_views", video.Clip)).Bytes());

        Assert.Equal(video.TechnicalIndices, plan.TechnicalFrames);
        var bytes = views.Take(3).SelectMany(Levels).ToArray();
        Assert.Equal(video.TechnicalUint8Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var firsts = views.Take(3).SelectMany(view => FirstFrame(view).Select(level => (byte)level)).ToArray();
        Assert.Equal(Npy.Read(Goldens.PathOf("dover_views", video.TechnicalT0!)).Bytes(), firsts);
        for (var clip = 0; clip < 3; clip++)
        {
            for (var c = 0; c < 3; c++)
                Assert.Equal(video.TechnicalNormalisedMeanPerClipChannel![clip][c], views[clip].Skip(c * 32 * Plane).Take(32 * Plane).Average(v => (double)v), 1e-5);
        }
    }

    [Theory]
    [InlineData(FragmentGridMode.AsShipped)]
    [InlineData(FragmentGridMode.Corrected)]
    public void Small_frames_are_enlarged_before_the_fragments_are_taken(FragmentGridMode mode)
    {
        var video = Golden.Videos.Single(video => video.Name == "small");
        var grid = mode == FragmentGridMode.AsShipped ? video.AsShipped! : video.Corrected!;
        var plan = DoverPlan.Create(video.Frames, video.Width, video.Height, mode, Offsets(grid.OffsetsClipRowColumnDydx));
        var views = Fill(plan, Npy.Read(Goldens.PathOf("dover_views", video.Clip)).Bytes());

        AssertWithinOneLevel(Npy.Read(Goldens.PathOf("dover_views", grid.TechnicalT0)).Bytes(), FirstFrame(views[0]));
    }

    [Theory]
    [InlineData("large")]
    [InlineData("small")]
    public void The_aesthetic_view_is_the_whole_frame_without_antialias(string name)
    {
        var video = Golden.Videos.Single(video => video.Name == name);
        var plan = DoverPlan.Create(video.Frames, video.Width, video.Height, FragmentGridMode.Corrected, _ => 0);
        var views = Fill(plan, Npy.Read(Goldens.PathOf("dover_views", video.Clip)).Bytes());

        Assert.Equal(video.AestheticFrame, plan.AestheticFrames[0]);
        AssertWithinOneLevel(Npy.Read(Goldens.PathOf("dover_views", video.AestheticNoaa)).Bytes(), FirstFrame(views[3]));
    }

    [Fact]
    public void Enlarged_sizes_are_truncated_in_double() => Assert.All(Golden.UpscaleSizes, size =>
    {
        var enlargement = DoverPlan.EnlargementOf(size.Width, size.Height)!;
        Assert.Equal((size.UpscaledWidth, size.UpscaledHeight), (enlargement.OutputWidth, enlargement.OutputHeight));
    });

    [Fact]
    public void Frames_from_224_pixels_up_are_not_enlarged() => Assert.Null(DoverPlan.EnlargementOf(300, 224));

    [Fact]
    public void The_normalisation_table_is_the_reference_one()
    {
        var lut = Npy.Read(Goldens.PathOf("dover_views", "normalise_lut.npy")).Floats();
        for (var i = 0; i < lut.Length; i++)
            Assert.Equal(lut[i], DoverTensors.Normalisation[i / 256, (byte)i], 1e-6);
    }

    [Fact]
    public void A_long_video_needs_each_frame_once_and_ignores_the_others()
    {
        var random = new SplitMix64(3);
        var plan = DoverPlan.Create(900, 256, 240, FragmentGridMode.Corrected, random.NextBelow);
        var writer = new DoverViewWriter(plan);
        var views = Views();
        var pixels = new byte[256 * 240 * 3];
        var accepted = new List<int>();

        for (var frame = 0; frame < 900; frame++)
        {
            pixels.AsSpan().Fill((byte)(frame % 251));
            if (writer.Accept(frame, new Rgb24View(pixels, 256, 240), Tensors(views)))
                accepted.Add(frame);
        }

        Assert.Equal(plan.NeededFrames, accepted);
        Assert.Equal(0, writer.MissingPlaces);
        Assert.Equal(plan.TechnicalFrames.Concat(plan.AestheticFrames).Distinct().Order(), accepted);
        for (var place = 0; place < 128; place++)
        {
            var frame = place < 96 ? plan.TechnicalFrames[place] : plan.AestheticFrames[place - 96];
            Assert.Equal(DoverTensors.Normalisation[1, (byte)(frame % 251)], views[place / 32][(32 + place % 32) * Plane + 777]);
        }
    }

    [Fact]
    public void A_video_that_ends_early_is_completed_from_its_nearest_frames()
    {
        var plan = DoverPlan.Create(96, 224, 224, FragmentGridMode.Corrected, _ => 0);
        var writer = new DoverViewWriter(plan);
        var views = Views();
        for (var frame = 0; frame < 90; frame++)
            writer.Accept(frame, new Rgb24View(Uniform(frame), 224, 224), Tensors(views));

        Assert.True(writer.MissingPlaces > 0);
        Assert.True(writer.FillMissing(Tensors(views)));

        Assert.Equal(0, writer.MissingPlaces);
        var t = plan.AestheticFrames.ToList().IndexOf(93);
        Assert.Equal(DoverTensors.Normalisation[0, 87], views[3][t * Plane]);

        static byte[] Uniform(int level)
        {
            var pixels = new byte[224 * 224 * 3];
            pixels.AsSpan().Fill((byte)level);
            return pixels;
        }
    }

    [Fact]
    public void A_video_without_frames_cannot_be_completed()
    {
        var plan = DoverPlan.Create(96, 224, 224, FragmentGridMode.Corrected, _ => 0);

        Assert.False(new DoverViewWriter(plan).FillMissing(Tensors(Views())));
    }

    [Fact]
    public void The_same_seed_plans_the_same_views()
    {
        var one = DoverPlan.Create(700, 854, 480, FragmentGridMode.Corrected, new SplitMix64(11).NextBelow);
        var two = DoverPlan.Create(700, 854, 480, FragmentGridMode.Corrected, new SplitMix64(11).NextBelow);
        var other = DoverPlan.Create(700, 854, 480, FragmentGridMode.Corrected, new SplitMix64(12).NextBelow);

        Assert.Equal(one.NeededFrames, two.NeededFrames);
        Assert.NotEqual(one.NeededFrames, other.NeededFrames);
    }

    private static float[][] Views() => [.. Enumerable.Range(0, 4).Select(_ => new float[DoverTensors.ViewLength])];

    private static DoverTensors Tensors(float[][] views) => new(views[0], views[1], views[2], views[3]);

    private static float[][] Fill(DoverPlan plan, byte[] frames)
    {
        var writer = new DoverViewWriter(plan);
        var views = Views();
        var length = plan.Width * plan.Height * 3;
        for (var frame = 0; frame < plan.Frames; frame++)
            writer.Accept(frame, new Rgb24View(frames.AsSpan(frame * length, length), plan.Width, plan.Height), Tensors(views));
        Assert.Equal(0, writer.MissingPlaces);
        return views;
    }

    /// <summary>The golden's offsets in the order of the draws: rows first, and only where a cell has room.</summary>
    private static Func<int, int> Offsets(int[][][][] clips)
    {
        var draws = new Queue<int>();
        foreach (var cells in clips.Select(clip => clip.SelectMany(row => row).ToArray()))
        {
            foreach (var axis in new[] { 0, 1 })
            {
                if (cells.Any(cell => cell[axis] != 0))
                    Array.ForEach(cells, cell => draws.Enqueue(cell[axis]));
            }
        }

        return bound =>
        {
            var offset = draws.Count > 0 ? draws.Dequeue() : 0;
            Assert.InRange(offset, 0, bound - 1);
            return offset;
        };
    }

    private static IEnumerable<byte> Levels(float[] view) => view.Select((value, i) => (byte)Level(value, i / (32 * Plane)));

    private static int[] FirstFrame(float[] view) =>
        [.. Enumerable.Range(0, 3).SelectMany(c => view.Skip(c * 32 * Plane).Take(Plane).Select(value => Level(value, c)))];

    private static int Level(float value, int channel)
    {
        double[] mean = [123.675, 116.28, 103.53], std = [58.395, 57.12, 57.375];
        return (int)Math.Round(value * std[channel] + mean[channel]);
    }

    private static void AssertWithinOneLevel(byte[] expected, int[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var differing = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i] - expected[i], -1, 1);
            differing += actual[i] == expected[i] ? 0 : 1;
        }

        Assert.InRange(differing, 0, expected.Length / 200);
    }
}

using System.Numerics;
using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Tests.Duplicates;

public sealed class FrameHasherTests
{
    [Fact]
    public void About_half_of_the_bits_are_set_and_the_last_is_free()
    {
        var hash = Hash(new MovingScene(1).Render(0, new MovingScene.Copy()))!.Value;

        Assert.InRange(BitOperations.PopCount(hash.Whole), 30, 32);
        Assert.Equal(0UL, hash.Whole >> 63);
    }

    [Fact]
    public void The_window_of_the_whole_is_the_whole_of_the_crop()
    {
        var scene = new MovingScene(2);
        var whole = Hash(scene.Render(0, new MovingScene.Copy { Width = 320, Height = 180 }), 320, 180)!.Value;
        var crop = Hash(scene.Render(0, new MovingScene.Copy { Width = 320, Height = 180, Crop = (0.05, 0.05, 0.05, 0.05) }), 320, 180)!.Value;

        Assert.InRange(BitOperations.PopCount(whole.Inner90 ^ crop.Whole), 0, 3);
        Assert.True(BitOperations.PopCount(whole.Whole ^ crop.Whole) > 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_uniform_frame_has_no_hash(int noise) => Assert.Null(Hash(Draw((_, _) => 90, noise)));

    [Fact]
    public void A_black_frame_has_no_hash() => Assert.Null(Hash(new byte[128 * 72 * 3]));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_plain_gradient_has_no_hash(int noise) => Assert.Null(Hash(Draw((x, _) => x, noise)));

    [Fact]
    public void Different_scenes_differ_in_about_half_of_the_bits()
    {
        var hashes = Enumerable.Range(0, 12).Select(seed => Hash(new MovingScene((ulong)seed).Render(0, new MovingScene.Copy()))!.Value.Whole).ToArray();
        var distances = from i in Enumerable.Range(0, 12) from j in Enumerable.Range(0, i) select BitOperations.PopCount(hashes[i] ^ hashes[j]);

        Assert.All(distances, distance => Assert.InRange(distance, 16, 46));
    }

    private static FrameHash? Hash(byte[] rgb, int width = 128, int height = 72) => FrameHasher.Hash(new Rgb24View(rgb, width, height));

    private static byte[] Draw(Func<int, int, int> level, int noise)
    {
        var random = new SplitMix64(9);
        var rgb = new byte[128 * 72 * 3];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(level(i / 3 % 128, i / 3 / 128) + random.NextBelow(2 * noise + 1));
        return rgb;
    }
}

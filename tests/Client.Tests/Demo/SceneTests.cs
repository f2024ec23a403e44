using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Tests.Demo;

public class SceneTests
{
    public static TheoryData<SceneKind> Kinds => [.. SceneCatalog.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equal_seeds_and_times_give_equal_pixels(SceneKind kind) =>
        Assert.Equal(Frames.Render(kind, 3, 4.2).Pixels, Frames.Render(kind, 3, 4.2).Pixels);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_seed_gives_another_picture(SceneKind kind) =>
        Assert.True(Frames.Difference(Frames.Render(kind, 3, 4), Frames.Render(kind, 4, 4)) > 3);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_side_of_the_frame_is_black(SceneKind kind)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            for (var t = 0.0; t < 40; t += 4.7)
            {
                var frame = Frames.Render(kind, seed, t);
                for (var side = 0; side < 4; side++)
                    Assert.True(Frames.Side(frame, side).Max() > 40, $"{kind}, seed {seed}, side {side} at {t:F1} s");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Clips_of_a_long_scene_are_no_near_duplicates(SceneKind kind)
    {
        var hashes = Enumerable.Range(0, 4).Select(i => PerceptualHash.Of(Frames.Render(kind, 11, 4 + (8 * i)))).ToList();
        for (var i = 0; i < hashes.Count; i++)
            for (var j = 0; j < i; j++)
                Assert.True(PerceptualHash.Distance(hashes[i], hashes[j]) > 6, $"{kind}: clips {j} and {i} are {PerceptualHash.Distance(hashes[i], hashes[j])} bits apart");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_second_changes_less_than_eight_seconds(SceneKind kind)
    {
        var near = Enumerable.Range(0, 6).Average(i => Frames.Difference(Frames.Render(kind, 5, 3 * i), Frames.Render(kind, 5, (3 * i) + 1)));
        var far = Enumerable.Range(0, 6).Average(i => Frames.Difference(Frames.Render(kind, 5, 3 * i), Frames.Render(kind, 5, (3 * i) + 8)));
        Assert.True(near < far, $"{near:F1} against {far:F1}");
    }

    [Fact]
    public void Seven_kinds_are_medical() =>
        Assert.Equal(7, SceneCatalog.All.Count(SceneCatalog.IsMedical));
}

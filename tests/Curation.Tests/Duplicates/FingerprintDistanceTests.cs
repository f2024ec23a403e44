using MedGenCluster.Curation.Duplicates;

namespace MedGenCluster.Curation.Tests.Duplicates;

/// <summary>What counts as a near-duplicate.</summary>
public sealed class FingerprintDistanceTests
{
    private static readonly DuplicateOptions Options = new();

    public static TheoryData<string> Copies => [.. Edits.Keys];

    private static readonly Dictionary<string, MovingScene.Copy> Edits = new()
    {
        ["noise"] = new() { Noise = 12 },
        ["darker"] = new() { Gain = 0.8, Lift = -5 },
        ["brighter"] = new() { Gain = 1.1, Lift = 15 },
        ["logo"] = new() { Logo = true },
        ["larger"] = new() { Width = 256, Height = 144 },
        ["smaller, other aspect"] = new() { Width = 96, Height = 72 },
        ["cropped 5 % a side"] = new() { Crop = (0.05, 0.05, 0.05, 0.05) },
        ["cropped 3 % a side, with noise"] = new() { Crop = (0.03, 0.03, 0.03, 0.03), Noise = 6 },
        ["cropped at one side"] = new() { Crop = (0, 0, 0.04, 0) },
        ["sampled at another phase"] = new() { Start = 0.25 },
        ["cut two seconds later"] = new() { Start = 2 },
        ["all of it a little"] = new() { Crop = (0.02, 0.02, 0.02, 0.02), Noise = 4, Gain = 0.95, Start = 0.1, Width = 192, Height = 108 },
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_copy_is_found(string edit)
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            var (original, copy) = (new MovingScene(seed).Fingerprint(), new MovingScene(seed).Fingerprint(Edits[edit]));

            var alignment = FingerprintDistance.Align(original, copy, Options)!.Value;
            Assert.True(alignment.Distance <= Options.MaxDistance, $"scene {seed}: {alignment}");
            Assert.True(FingerprintDistance.AreNear(copy, original, Options));
        }
    }

    [Fact]
    public void The_time_offset_is_found()
    {
        var scene = new MovingScene(4);
        var alignment = FingerprintDistance.Align(scene.Fingerprint(), scene.Fingerprint(new() { Start = 2 }), Options)!.Value;

        Assert.Equal(new ClipAlignment(0, -2, 9), alignment);
    }

    [Fact]
    public void Different_scenes_are_not_near()
    {
        var clips = Enumerable.Range(10, 8).Select(seed => new MovingScene((ulong)seed).Fingerprint()).ToArray();

        for (var i = 0; i < clips.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.False(FingerprintDistance.AreNear(clips[i], clips[j], Options));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_halves_of_one_moving_scene_are_not_near(ulong seed)
    {
        var scene = new MovingScene(seed);

        Assert.False(FingerprintDistance.AreNear(scene.Fingerprint(), scene.Fingerprint(new() { Start = 6.5 }), Options));
    }

    [Fact]
    public void A_shared_title_picture_does_not_make_clips_near()
    {
        var title = new MovingScene(30).Fingerprint(new() { Seconds = 1 }).Frames.ToArray();
        ClipFingerprint With(ulong seed) => new(title.Concat(new MovingScene(seed).Fingerprint().Frames.ToArray().Select(frame => frame with { Seconds = frame.Seconds + 1.5 })));

        Assert.False(FingerprintDistance.AreNear(With(31), With(32), Options));
    }

    [Fact]
    public void Too_short_an_overlap_is_no_alignment()
    {
        var scene = new MovingScene(5);

        Assert.Null(FingerprintDistance.Align(scene.Fingerprint(new() { Seconds = 0.5 }), scene.Fingerprint(), Options));
    }

    [Fact]
    public void A_clip_without_structure_is_near_nothing() =>
        Assert.Null(FingerprintDistance.Align(new ClipFingerprint([]), new ClipFingerprint([]), Options));

    [Fact]
    public void Options_report_every_error_at_once() =>
        Assert.Equal(4, new DuplicateOptions { MaxDistance = 30, MinOverlap = 0, MinFrames = 0, TimeTolerance = double.NaN }.Validate().Count);

    [Fact]
    public void The_default_options_are_valid() => Assert.Empty(Options.Validate());
}

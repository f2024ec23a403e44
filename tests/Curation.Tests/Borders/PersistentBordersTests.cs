using MedGenCluster.Curation.Borders;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Borders;

/// <summary>Which clips have a persistent black border.</summary>
public sealed class PersistentBordersTests
{
    private static readonly BorderOptions Options = new();

    public sealed record Side(bool Persistent, int Thickness);

    public sealed record SideSet(Side Top, Side Bottom, Side Left, Side Right);

    public sealed record Labelled(string Set, string[] Frames, bool HasBorder, SideSet Sides)
    {
        public override string ToString() => Set;
    }

    private sealed record File(Labelled[] Sets);

    public static TheoryData<Labelled> Sets => [.. Goldens.Json<File>("borders", "labels.json").Sets];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Agrees_with_the_labelled_clips(Labelled golden)
    {
        var verdict = PersistentBorders.Decide([.. golden.Frames.Select(frame => Analyze(Png.Read(Goldens.PathOf("borders", golden.Set, frame))))], Options);

        Assert.Equal(golden.HasBorder, verdict.HasBorder);
        AssertSide(golden.Sides.Top, verdict.Top);
        AssertSide(golden.Sides.Bottom, verdict.Bottom);
        AssertSide(golden.Sides.Left, verdict.Left);
        AssertSide(golden.Sides.Right, verdict.Right);

        static BorderFrame Analyze(Png png) => BorderFrameAnalyzer.Analyze(new Rgb24View(png.Rgb, png.Width, png.Height), Options);
    }

    [Fact]
    public void A_coded_letterbox_with_ringing_and_noise_is_found()
    {
        var verdict = Decide(frame => new BorderScene(320, 180).Content(frame).Bars(top: 22, bottom: 21).Coded());

        AssertSide(new Side(true, 22), verdict.Top);
        AssertSide(new Side(true, 21), verdict.Bottom);
        Assert.False(verdict.Left.Persistent || verdict.Right.Persistent);
    }

    [Fact]
    public void Coded_bars_of_the_video_range_around_a_dim_picture_are_found()
    {
        var verdict = Decide(frame => new BorderScene(320, 180).Content(frame, 30, 90).Bars(left: 43, right: 45, colour: (16, 16, 16)).Coded());

        AssertSide(new Side(true, 43), verdict.Left);
        AssertSide(new Side(true, 45), verdict.Right);
        Assert.False(verdict.Top.Persistent || verdict.Bottom.Persistent);
    }

    [Fact]
    public void An_upright_video_in_a_wide_frame_is_bordered_on_both_sides()
    {
        var verdict = Decide(frame => new BorderScene(426, 240).Content(frame).Bars(left: 145, right: 146).Coded());

        AssertSide(new Side(true, 145), verdict.Left);
        AssertSide(new Side(true, 146), verdict.Right);
    }

    [Fact]
    public void A_window_inside_thick_bars_is_bordered_on_all_sides()
    {
        var verdict = Decide(frame => new BorderScene(320, 180).Content(frame).Bars(50, 50, 80, 80));

        AssertSide(new Side(true, 50), verdict.Top);
        AssertSide(new Side(true, 50), verdict.Bottom);
        AssertSide(new Side(true, 80), verdict.Left);
        AssertSide(new Side(true, 80), verdict.Right);
    }

    [Fact]
    public void A_dark_frame_within_the_clip_neither_confirms_nor_denies()
    {
        var verdict = Decide(frame => frame is 1 or 4
            ? new BorderScene(320, 180).Paint((_, _) => true, (4, 4, 4))
            : new BorderScene(320, 180).Content(frame).Bars(top: 20));

        AssertSide(new Side(true, 20), verdict.Top);
        Assert.Equal(3, verdict.FramesUsed);
    }

    [Fact]
    public void Frames_whose_picture_begins_dark_do_not_hide_the_bar_of_the_others()
    {
        // In two of five frames the upper part of the scene is black too, so that only the strip shows and no edge.
        var verdict = Decide(frame => new BorderScene(320, 180).Content(frame).Paint((x, y) => frame < 2 && y < 50 + 12 * Math.Sin(x / 9.0)).Bars(top: 20));

        AssertSide(new Side(true, 20), verdict.Top);
    }

    [Fact]
    public void A_clip_of_dark_frames_is_not_excluded()
    {
        var verdict = Decide(_ => new BorderScene(320, 180).Content(0, 0, 30).Bars(top: 20));

        Assert.False(verdict.HasBorder);
        Assert.Equal(0, verdict.FramesUsed);
    }

    [Fact]
    public void A_bar_that_moves_is_not_persistent() =>
        Assert.False(Decide(frame => new BorderScene(320, 180).Content(frame).Bars(top: 10 + 6 * frame)).HasBorder);

    [Fact]
    public void A_bar_that_is_missing_in_one_frame_is_not_persistent() =>
        Assert.False(Decide(frame => new BorderScene(320, 180).Content(frame).Bars(top: frame == 3 ? 0 : 20)).HasBorder);

    [Theory]
    [InlineData(0, 0, 120)]
    [InlineData(24, 48, 170)]
    [InlineData(60, 0, 0)]
    [InlineData(40, 40, 40)]
    public void A_bar_of_another_colour_is_not_black(byte red, byte green, byte blue) =>
        Assert.False(Decide(frame => new BorderScene(320, 180).Content(frame).Bars(top: 20, bottom: 20, colour: (red, green, blue)).Coded(1)).HasBorder);

    [Theory]
    [InlineData(180, 0)]
    [InlineData(360, 0)]
    [InlineData(360, 60)]
    public void The_black_corners_of_a_round_endoscope_picture_are_no_border(int size, int wider)
    {
        var verdict = Decide(frame => new BorderScene(size + wider, size).Content(frame).Paint((x, y) => Outside(x - wider / 2, y)).Coded(2));

        Assert.False(verdict.Top.Persistent || verdict.Bottom.Persistent);
        Assert.False(verdict.Left.Persistent || verdict.Right.Persistent);

        bool Outside(int x, int y) => Math.Pow(x + 0.5 - size / 2.0, 2) + Math.Pow(y + 0.5 - size / 2.0, 2) > size * size / 4.0;
    }

    [Fact]
    public void The_black_corners_of_an_octagonal_picture_are_no_border() => Assert.False(Decide(frame =>
        new BorderScene(240, 240).Content(frame).Paint((x, y) => Math.Min(x, 239 - x) + Math.Min(y, 239 - y) < 70)).HasBorder);

    [Fact]
    public void A_black_object_along_most_of_a_side_is_no_border() =>
        Assert.False(Decide(frame => new BorderScene(320, 180).Content(frame).Paint((x, y) => x < 30 && y is > 20 and < 160)).HasBorder);

    [Fact]
    public void A_dark_gradient_at_the_side_without_an_edge_is_no_border() => Assert.False(Decide(frame =>
    {
        var scene = new BorderScene(320, 180).Content(frame);
        for (var i = 0; i < scene.Rgb.Length; i++)
            scene.Rgb[i] = (byte)(scene.Rgb[i] * Math.Clamp((i / 960 - 15) / 90.0, 0, 1));
        return scene;
    }).HasBorder);

    [Fact]
    public void Tiny_frames_have_no_borders() => Assert.Equal(default, BorderFrameAnalyzer.Analyze(new Rgb24View(new byte[8 * 8 * 3], 8, 8), Options));

    [Fact]
    public void No_frames_give_no_border() => Assert.False(PersistentBorders.Decide([], Options).HasBorder);

    [Fact]
    public void Options_report_every_error_at_once() =>
        Assert.Equal(3, new BorderOptions { MaxDepth = 0.6, BlackShare = 0, CannyHigh = 10 }.Validate().Count);

    [Fact]
    public void The_default_options_are_valid() => Assert.Empty(Options.Validate());

    private static BorderVerdict Decide(Func<int, BorderScene> draw) =>
        PersistentBorders.Decide([.. Enumerable.Range(0, 5).Select(frame => BorderFrameAnalyzer.Analyze(draw(frame).View, Options))], Options);

    private static void AssertSide(Side expected, SideVerdict actual)
    {
        Assert.Equal(expected.Persistent, actual.Persistent);
        Assert.InRange(actual.Thickness, expected.Thickness - 2, expected.Thickness + 2);
    }
}

using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Tests.Demo;

public class FrameFaultsTests
{
    [Theory]
    [InlineData(Border.Letterbox, 0, 2)]
    [InlineData(Border.Pillarbox, 2, 0)]
    public void Bars_are_black_on_their_sides_only(Border border, int black, int lit)
    {
        var frame = Frames.Render(SceneKind.SurgicalField, 1, 2);
        FrameFaults.Frame(frame, border, 0.125f);
        Assert.All([black, black + 1], side => Assert.Equal(0, Frames.Side(frame, side).Max()));
        Assert.All([lit, lit + 1], side => Assert.True(Frames.Side(frame, side).Max() > 40));
    }

    [Fact]
    public void Blur_takes_contrast_away()
    {
        var frame = Frames.Render(SceneKind.EcgMonitor, 1, 2);
        var before = Frames.Contrast(frame);
        FrameFaults.Apply(frame, Degradation.Blur, 1, 0);
        Assert.True(Frames.Contrast(frame) < 0.5 * before);
    }

    [Fact]
    public void Noise_is_new_in_every_frame_and_repeats_with_its_seed()
    {
        var first = Noisy(1);
        Assert.Equal(first.Pixels, Noisy(1).Pixels);
        Assert.True(Frames.Difference(first, Noisy(2)) > 10);
    }

    private static Raster Noisy(int seed)
    {
        var frame = Frames.Render(SceneKind.Lecture, 1, 2);
        FrameFaults.Apply(frame, Degradation.Noise, 1, seed);
        return frame;
    }
}

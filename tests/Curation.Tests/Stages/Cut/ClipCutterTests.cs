using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Cut;

public sealed class ClipCutterTests
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p"];
    private static readonly CutOptions Small = new() { Width = 144, Height = 96 };

    [Theory]
    [InlineData("25", "mp4", 25.0, 1.0, 3.0)]
    [InlineData("25", "mp4", 25.0, 0.0, 2.0)]
    [InlineData("25", "ts", 25.0, 2.0, 4.0)]
    [InlineData("30000/1001", "mkv", 30000 / 1001.0, 1.0, 3.0)]
    [InlineData("24000/1001", "mp4", 24000 / 1001.0, 2.5, 4.0)]
    public async Task A_clip_has_exactly_the_frames_that_begin_within_its_interval(string rate, string container, double perSecond, double start, double end)
    {
        var path = await MediaLab.NumberedAsync($"cut-{rate.Replace('/', '_')}.{container}", (int)(5 * perSecond), rate, 144, 96, [.. H264, "-bf", "2", "-g", "40"]);

        var (file, numbers, _, _) = await CutAsync(path, start, end, Small);

        Assert.Equal(Between(start, end, perSecond), numbers);
        Assert.Equal((numbers.Count, 144, 96), (file.Frames, file.Width, file.Height));
        Assert.Equal(perSecond, file.Rate.PerSecond, 1e-9);
    }

    [Fact]
    public async Task Irregular_time_stamps_become_a_constant_rate_that_shows_the_right_picture()
    {
        // Frame n begins at 0.15 n + 0.04 (n mod 3) seconds.
        var path = await MediaLab.NumberedAsync(
            "vfr-cut.mp4", 40, "10", 144, 96, ["-vf", "settb=1/1000,setpts=150*N+40*mod(N\\,3)", "-fps_mode", "passthrough", "-enc_time_base", "1/1000", .. H264, "-g", "7"]);
        var begins = Enumerable.Range(0, 40).Select(n => 0.15 * n + 0.04 * (n % 3)).ToList();

        var (file, numbers, _, output) = await CutAsync(path, 2, 4, Small);

        double rate = file.Rate.PerSecond;
        Assert.Equal(Enumerable.Range(0, (int)Math.Round(2 * rate)).Select(k => begins.FindLastIndex(t => t <= 2 + k / rate + 0.002)), numbers);
        Assert.False((await MediaLab.ProbeAsync(output)).Video!.LooksVariable);
    }

    [Fact]
    public async Task Previews_are_uncropped_and_uniform()
    {
        var path = await MediaLab.NumberedAsync("wide.mp4", 100, "25", 192, 96, H264);

        var (_, _, previews, _) = await CutAsync(path, 1, 3, Small);

        // 8 parts of 0.25 s from 1 s on; the picture on display in the middle of each.
        Assert.Equal([28, 34, 40, 46, 53, 59, 65, 71], previews.Select(p => p.Number));
        Assert.All(previews, p => Assert.Equal((192, 96), (p.Width, p.Height)));
    }

    [Fact]
    public async Task The_same_cut_gives_the_same_bytes()
    {
        var path = await MediaLab.PatternAsync("pattern.mp4", "192x128", 25, 3, H264);

        var first = await CutAsync(path, 0.5, 2.5, Small);
        var second = await CutAsync(path, 0.5, 2.5, Small);

        Assert.Equal(await File.ReadAllBytesAsync(first.Output), await File.ReadAllBytesAsync(second.Output));
    }

    [Theory]
    [InlineData(false, 144, 96)]
    [InlineData(true, 160, 120)]
    public async Task Odd_sizes_become_even(bool keep, int width, int height)
    {
        var path = await MediaLab.MakeAsync("odd-cut.mkv", "-f", "lavfi", "-i", "testsrc=s=161x121:r=10:d=3", "-c:v", "ffv1", "-pix_fmt", "yuv444p");

        var (file, _, _, output) = await CutAsync(path, 0, 2, Small with { KeepResolution = keep });

        var video = (await MediaLab.ProbeAsync(output)).Video!;
        Assert.Equal((width, height), (file.Width, file.Height));
        Assert.Equal((width, height, "yuv420p", 0), (video.Width, video.Height, video.PixelFormat, video.Rotation));
    }

    [Fact]
    public async Task The_picture_covers_the_frame_and_loses_its_edges_evenly()
    {
        // 300x100 with a white stripe in the middle of the width: cover of 144x96 keeps the middle half.
        var path = await MediaLab.MakeAsync(
            "cover.mp4", ["-f", "lavfi", "-i", "color=c=black:s=300x100:r=10:d=2,drawbox=x=145:w=10:h=100:c=white:t=fill", .. H264]);

        var (_, _, _, output) = await CutAsync(path, 0, 1, Small);

        var (columns, _) = await MediaLab.ReadAsync(output, new FrameSampling.Numbers([0]), p => p.Row(48).ToArray());
        var white = Enumerable.Range(0, 144).Where(x => Assert.Single(columns)[x * 3] > 128).ToList();
        Assert.Equal(71.5, white.Average(), 1.0);
        Assert.InRange(white.Count, 8, 11);
    }

    [Fact]
    public async Task Sound_and_metadata_stay_behind()
    {
        var path = await MediaLab.MakeAsync(
            "tagged.mp4",
            ["-f", "lavfi", "-i", "testsrc2=s=192x128:r=10:d=3", "-f", "lavfi", "-i", "sine=d=3", .. H264, "-c:a", "aac", "-metadata", "title=Secret", "-metadata", "creation_time=2020-01-01T00:00:00Z"]);

        var (_, _, _, output) = await CutAsync(path, 0, 2, Small);

        var media = await MediaLab.ProbeAsync(output);
        Assert.Equal((1, false), (media.Streams, media.HasAudio));
        Assert.DoesNotContain("Secret", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_past_the_end_is_a_failure_with_numbers()
    {
        var path = await MediaLab.PatternAsync("pattern.mp4", "192x128", 25, 3, H264);
        var media = await MediaLab.ProbeAsync(path);

        var (file, failure) = await new ClipCutter(MediaLab.Tools).CutAsync(
            path, media, ClipInterval.FromSeconds(2, 5), Small, MediaLab.NewPath("clip.mp4"), (_, _) => { }, default);

        Assert.Null(file);
        Assert.Equal("The cut clip is h264 144x96, 25 frames, 1 s instead of h264 144x96, 75 frames, 3 s.", failure);
    }

    private static async Task<(CutFile File, List<int> Numbers, List<(int Number, int Width, int Height)> Previews, string Output)> CutAsync(
        string path, double start, double end, CutOptions options)
    {
        var media = await MediaLab.ProbeAsync(path);
        string output = MediaLab.NewPath("clip.mp4");
        var previews = new List<(int, int, int)>();
        var (file, failure) = await new ClipCutter(MediaLab.Tools).CutAsync(
            path, media, ClipInterval.FromSeconds(start, end), options, output, (_, p) => previews.Add((MediaLab.NumberOf(p), p.Width, p.Height)), default);
        Assert.True(file is not null, failure);
        var (numbers, _) = await MediaLab.ReadAsync(output, new FrameSampling.Numbers([.. Enumerable.Range(0, file!.Frames)]), MediaLab.NumberOf);
        return (file, numbers, previews, output);
    }

    private static IEnumerable<int> Between(double start, double end, double perSecond) =>
        Enumerable.Range(0, 1000).Where(n => n / perSecond >= start - 0.002 && n / perSecond < end - 0.002);
}

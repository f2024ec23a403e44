using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Tests.Frames;

public sealed class VideoProbeTests
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
    private readonly VideoProbe _probe = new(MediaLab.Tools);

    [Fact]
    public async Task A_usual_video_is_described()
    {
        var path = await MediaLab.MakeAsync(
            "usual.mp4", ["-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2", .. H264, "-c:a", "aac"]);

        var media = await MediaLab.ProbeAsync(path);

        Assert.Contains("mp4", media.Container, StringComparison.Ordinal);
        Assert.Equal((2.0, true, 2), (media.DurationSeconds!.Value, media.HasAudio, media.Streams));
        var video = media.Video!;
        Assert.Equal(("h264", 160, 96, 50L, 8, "yuv420p"), (video.Codec, video.Width, video.Height, video.FrameCount!.Value, video.BitDepth, video.PixelFormat));
        Assert.Equal((new FrameRate(25, 1), false, false), (video.ConstantRate, video.LooksVariable, video.Interlaced));
    }

    [Fact]
    public async Task A_duration_that_no_header_tells_is_counted_from_packets()
    {
        var path = await MediaLab.PatternAsync("live.mkv", "160x96", 25, 2, [.. H264, "-f", "matroska", "-live", "1"]);

        Assert.Null((await MediaLab.ProbeAsync(path)).DurationSeconds);
        var packets = await _probe.CountPacketsAsync(path, default);
        Assert.Equal(50, packets!.Packets);
        Assert.Equal(2.0, packets.DurationSeconds, 0.02);
    }

    [Fact]
    public async Task Sound_alone_has_no_video()
    {
        var path = await MediaLab.MakeAsync("sound.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac");

        var media = await MediaLab.ProbeAsync(path);

        Assert.Null(media.Video);
        Assert.True(media.HasAudio);
    }

    [Fact]
    public async Task Cover_art_is_no_video()
    {
        var cover = await MediaLab.PatternAsync("cover.png", "96x96", 1, 1, "-frames:v", "1");
        var path = await MediaLab.MakeAsync(
            "covered.m4a", "-f", "lavfi", "-i", "sine=d=1", "-i", cover, "-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "copy", "-disposition:v:0", "attached_pic");

        Assert.Null((await MediaLab.ProbeAsync(path)).Video);
    }

    [Fact]
    public async Task A_truncated_file_is_unreadable_in_plain_words()
    {
        var whole = await MediaLab.PatternAsync("name.mp4", "160x96", 5, 1, H264);
        var bytes = await File.ReadAllBytesAsync(whole);
        var path = MediaLab.NewPath("cut.mp4");
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)]);

        var reason = await UnreadableAsync(path);

        Assert.Contains("incomplete", reason, StringComparison.Ordinal);
        Assert.Contains("moov", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("0x", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(path)!, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is not a video.\nIt only says so.\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:/etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '/etc/passwd'\n")]
    public async Task What_is_no_video_is_unreadable(string content)
    {
        var path = MediaLab.NewPath("text.mp4");
        await File.WriteAllTextAsync(path, content);

        Assert.StartsWith("The file ", await UnreadableAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_ffprobe_is_named()
    {
        var tools = new MediaTools(new MedGenCluster.Curation.Processes.ProcessRunner(TimeProvider.System, new()), new MediaToolOptions { Ffprobe = "no-ffprobe" });

        var outcome = await new VideoProbe(tools).ProbeAsync("x.mp4", default);

        Assert.Contains("'no-ffprobe' was not found", Assert.IsType<ProbeOutcome.Unreadable>(outcome).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30000/1001", 30000, 1001)]
    [InlineData("19001/634", 30000, 1001)]
    [InlineData("359/12", 30000, 1001)]
    [InlineData("120/1", 60, 1)]
    [InlineData("5/2", 2, 1)]
    public void Rates_become_common_ones(string rate, int numerator, int denominator) =>
        Assert.Equal(new FrameRate(numerator, denominator), FrameRate.Parse(rate).ToStandard());

    private async Task<string> UnreadableAsync(string path) =>
        Assert.IsType<ProbeOutcome.Unreadable>(await _probe.ProbeAsync(path, default)).Reason;
}

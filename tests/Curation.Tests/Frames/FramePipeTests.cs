using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Tests.Frames;

public sealed class FramePipeTests
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"];
    private static readonly FrameSampling EachSecond = new FrameSampling.EachSecond();

    [Theory]
    [InlineData("25", "mp4", 25.0)]
    [InlineData("10", "avi", 10.0)]
    [InlineData("30000/1001", "mkv", 30000 / 1001.0)]
    [InlineData("24000/1001", "mp4", 24000 / 1001.0)]
    [InlineData("25", "ts", 25.0)]
    public async Task Frame_k_is_the_picture_on_display_at_k_seconds(string rate, string container, double perSecond)
    {
        int total = (int)(4.5 * perSecond);
        var path = await MediaLab.NumberedAsync($"each-{rate.Replace('/', '_')}.{container}", total, rate, 160, 96, H264);

        var (numbers, result) = await MediaLab.ReadAsync(path, EachSecond, MediaLab.NumberOf);

        Assert.Equal(Enumerable.Range(0, 5).Select(k => (int)(k * perSecond + 0.002 * perSecond)), numbers);
        Assert.Null(result.Trouble);
    }

    [Fact]
    public async Task A_video_of_exactly_six_seconds_has_six_pictures_and_a_frame_more_makes_seven()
    {
        var six = await MediaLab.NumberedAsync("six.mp4", 60, "10", 160, 96, H264);
        var more = await MediaLab.NumberedAsync("six-and-one.mp4", 61, "10", 160, 96, H264);

        Assert.Equal([0, 10, 20, 30, 40, 50], (await MediaLab.ReadAsync(six, EachSecond, MediaLab.NumberOf)).Frames);
        Assert.Equal([0, 10, 20, 30, 40, 50, 60], (await MediaLab.ReadAsync(more, EachSecond, MediaLab.NumberOf)).Frames);
    }

    [Fact]
    public async Task Irregular_time_stamps_are_followed()
    {
        // Frame n begins at 0.15 n + 0.04 (n mod 3) seconds.
        var path = await MediaLab.NumberedAsync(
            "vfr.mp4", 30, "10", 160, 96, ["-vf", "settb=1/1000,setpts=150*N+40*mod(N\\,3)", "-fps_mode", "passthrough", "-enc_time_base", "1/1000", .. H264]);
        var begins = Enumerable.Range(0, 30).Select(n => 0.15 * n + 0.04 * (n % 3)).ToList();

        var (numbers, _) = await MediaLab.ReadAsync(path, EachSecond, MediaLab.NumberOf);

        Assert.Equal(Enumerable.Range(0, 5).Select(k => begins.FindLastIndex(t => t <= k)), numbers);
        Assert.True((await MediaLab.ProbeAsync(path)).Video!.LooksVariable);
    }

    [Fact]
    public async Task Numbered_frames_come_exactly()
    {
        var path = await MediaLab.NumberedAsync("exact.mp4", 100, "25", 160, 96, H264);
        int[] wanted = [0, 1, 2, 17, 40, 41, 99];

        var (numbers, _) = await MediaLab.ReadAsync(path, new FrameSampling.Numbers(wanted), MediaLab.NumberOf);

        Assert.Equal(wanted, numbers);
    }

    [Fact]
    public async Task Uniform_frames_lie_in_the_middles_of_equal_parts()
    {
        Assert.Equal([12, 37, 62, 87], FrameSampling.Uniform(4, 100).Indices);
        Assert.Equal([0, 1, 2], FrameSampling.Uniform(5, 3).Indices);
        Assert.Equal([0], FrameSampling.Uniform(8, 1).Indices);

        var path = await MediaLab.NumberedAsync("exact.mp4", 100, "25", 160, 96, H264);
        Assert.Equal([12, 37, 62, 87], (await MediaLab.ReadAsync(path, FrameSampling.Uniform(4, 100), MediaLab.NumberOf)).Frames);
    }

    [Theory]
    [InlineData("hevc10.mp4", "libx265", "yuv420p10le", 10)]
    [InlineData("vp9.webm", "libvpx-vp9", "yuv420p", 8)]
    [InlineData("vp9-10.webm", "libvpx-vp9", "yuv420p10le", 10)]
    [InlineData("av1.mkv", "libsvtav1", "yuv420p10le", 10)]
    [InlineData("ffv1.mkv", "ffv1", "yuv444p", 8)]
    public async Task Any_codec_and_depth_becomes_8_bit_rgb(string name, string encoder, string pixelFormat, int depth)
    {
        // Red at the left, blue at the right.
        string[] fast = encoder switch
        {
            "libx265" => ["-preset", "ultrafast", "-x265-params", "log-level=error"],
            "libvpx-vp9" => ["-deadline", "realtime", "-cpu-used", "8"],
            "libsvtav1" => ["-preset", "12"],
            _ => [],
        };
        var path = await MediaLab.MakeAsync(
            name,
            ["-f", "lavfi", "-i", "color=c=red:s=160x128:r=5:d=1.2", "-f", "lavfi", "-i", "color=c=blue:s=160x128:r=5:d=1.2",
            "-filter_complex", "hstack", "-c:v", encoder, "-pix_fmt", pixelFormat, .. fast]);

        var (colours, _) = await MediaLab.ReadAsync(
            path, EachSecond, p => (p.Width, p.Height, Left: (p.Row(64)[240], p.Row(64)[242]), Right: (p.Row(64)[720], p.Row(64)[722])));

        Assert.Equal(2, colours.Count);
        Assert.All(colours, c =>
        {
            Assert.Equal((320, 128), (c.Width, c.Height));
            Assert.True(c.Left.Item1 > 230 && c.Left.Item2 < 25, $"left {c.Left}");
            Assert.True(c.Right.Item1 < 25 && c.Right.Item2 > 230, $"right {c.Right}");
        });
        Assert.Equal(depth, (await MediaLab.ProbeAsync(path)).Video!.BitDepth);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task Pictures_are_upright(int degrees)
    {
        // White stripe along the top of the stored picture.
        var flat = await MediaLab.MakeAsync("stripe.mp4", ["-f", "lavfi", "-i", "color=c=black:s=160x96:r=5:d=1,drawbox=w=160:h=24:c=white:t=fill", .. H264]);
        var path = await MediaLab.MakeAsync($"turned-{degrees}.mp4", "-i", flat, "-c", "copy", "-metadata:s:v:0", $"rotate={360 - degrees}");

        var media = await MediaLab.ProbeAsync(path);
        var (frames, _) = await MediaLab.ReadAsync(path, EachSecond, p =>
            (p.Width, p.Height, Top: p.Row(8)[p.Width / 2 * 3], Right: p.Row(p.Height / 2)[(p.Width - 8) * 3], Bottom: p.Row(p.Height - 8)[p.Width / 2 * 3], Left: p.Row(p.Height / 2)[8 * 3]));

        var expected = degrees == 180 ? (160, 96) : (96, 160);
        Assert.Equal(degrees, media.Video!.Rotation);
        Assert.Equal(expected, (media.Video.Width, media.Video.Height));
        var frame = Assert.Single(frames);
        Assert.Equal(expected, (frame.Width, frame.Height));
        Assert.Equal((false, degrees == 90, degrees == 180, degrees == 270), (frame.Top > 128, frame.Right > 128, frame.Bottom > 128, frame.Left > 128));
    }

    [Fact]
    public async Task Anamorphic_pictures_get_square_pixels()
    {
        var path = await MediaLab.PatternAsync("anamorphic.mp4", "144x96", 5, 1, ["-vf", "setsar=4/3", .. H264]);

        var (sizes, _) = await MediaLab.ReadAsync(path, EachSecond, p => (p.Width, p.Height));

        Assert.Equal([(192, 96)], sizes);
    }

    [Fact]
    public async Task Odd_sizes_stay_as_they_are()
    {
        var path = await MediaLab.MakeAsync("odd.mkv", "-f", "lavfi", "-i", "testsrc=s=161x121:r=5:d=1", "-c:v", "ffv1", "-pix_fmt", "yuv444p");

        Assert.Equal([(161, 121)], (await MediaLab.ReadAsync(path, EachSecond, p => (p.Width, p.Height))).Frames);
    }

    [Fact]
    public async Task Fields_are_woven_into_full_pictures()
    {
        // A vertical edge that moves 8 pixels from field to field leaves combs unless it is deinterlaced.
        var path = await MediaLab.MakeAsync(
            "interlaced.mp4",
            ["-f", "lavfi", "-i", "color=c=black:s=320x128:r=50:d=1.2[b];color=c=white:s=40x128:r=50:d=1.2[w];[b][w]overlay=x='mod(n*8,280)',tinterlace=interleave_top",
            "-c:v", "libx264", "-crf", "10", "-flags", "+ildct+ilme", "-x264opts", "tff=1", "-pix_fmt", "yuv420p"]);

        var video = (await MediaLab.ProbeAsync(path)).Video!;
        var (combs, _) = await MediaLab.ReadAsync(path, new FrameSampling.Numbers([5]), CombRows);
        var (raw, _) = await ReadWithoutFieldsAsync(path, video);

        Assert.True(video.Interlaced);
        Assert.InRange(Assert.Single(combs), 0, 8);
        Assert.InRange(raw, 60, 128);
    }

    [Fact]
    public async Task A_change_of_size_within_the_stream_keeps_the_count_and_the_size()
    {
        var small = await MediaLab.PatternAsync("a.ts", "160x96", 10, 2, H264);
        var large = await MediaLab.PatternAsync("b.ts", "320x192", 10, 2, [.. H264, "-output_ts_offset", "2"]);
        var path = MediaLab.NewPath("both.ts");
        await File.WriteAllBytesAsync(path, [.. await File.ReadAllBytesAsync(small), .. await File.ReadAllBytesAsync(large)]);

        var (sizes, _) = await MediaLab.ReadAsync(path, EachSecond, p => (p.Width, p.Height));

        Assert.Equal(Enumerable.Repeat((160, 96), 4), sizes);
    }

    [Fact]
    public async Task A_damaged_middle_is_reported_and_the_rest_is_usable()
    {
        var sound = await MediaLab.PatternAsync("sound.ts", "320x192", 10, 6, [.. H264, "-g", "10"]);
        var bytes = await File.ReadAllBytesAsync(sound);
        new Random(7).NextBytes(bytes.AsSpan(bytes.Length / 3, bytes.Length / 4));
        var path = MediaLab.NewPath("damaged.ts");
        await File.WriteAllBytesAsync(path, bytes);

        var (frames, result) = await MediaLab.ReadAsync(path, EachSecond, p => p.Width);

        Assert.InRange(frames.Count, 3, 6);
        Assert.False(result.Stopped);
        Assert.NotNull(result.Trouble);
    }

    [Fact]
    public async Task An_8K_picture_is_shrunk_to_the_limit()
    {
        var path = await MediaLab.MakeAsync("8k.mp4", ["-f", "lavfi", "-i", "color=c=green:s=7680x4320:r=1:d=1", "-frames:v", "1", .. H264]);

        var media = await MediaLab.ProbeAsync(path);
        var (sizes, _) = await MediaLab.ReadAsync(path, EachSecond, p => (p.Width, p.Height));

        Assert.Equal((7680, 4320), (media.Video!.Width, media.Video.Height));
        Assert.Equal([(4096, 2304)], sizes);
    }

    [Theory]
    [InlineData("with space.mp4")]
    [InlineData("quote'\"s.mp4")]
    [InlineData("new\nline.mp4")]
    [InlineData("ünï-医学.mp4")]
    [InlineData("-i.mp4")]
    [InlineData("100%03d:x.mp4")]
    public async Task Any_file_name_is_read(string name)
    {
        var path = MediaLab.NewPath(name);
        File.Copy(await MediaLab.PatternAsync("name.mp4", "160x96", 5, 1, H264), path);

        Assert.Equal([160], (await MediaLab.ReadAsync(path, EachSecond, p => p.Width)).Frames);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_decoder_that_hangs_is_ended_and_its_frames_so_far_are_kept()
    {
        var script = MediaLab.NewPath("ffmpeg");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nhead -c 46080 /dev/zero\nexec sleep 60\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var video = (await MediaLab.ProbeAsync(await MediaLab.PatternAsync("name.mp4", "160x96", 5, 1, H264))).Video!;
        var runner = new MedGenCluster.Curation.Processes.ProcessRunner(TimeProvider.System, new());
        var tools = new MediaTools(runner, new MediaToolOptions { Ffmpeg = script, IdleLimit = TimeSpan.FromMilliseconds(250) });

        var result = await new FramePipe(tools).ReadAsync("x.mp4", video, EachSecond, (_, _) => { }, default);

        Assert.Equal((1, true), (result.Frames, result.Stopped));
        Assert.Contains("stopped making progress", result.Trouble, StringComparison.Ordinal);
    }

    private static int CombRows(MedGenCluster.Curation.Imaging.Rgb24View picture)
    {
        int combs = 0;
        for (int y = 1; y < picture.Height - 1; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int above = picture.Row(y - 1)[x * 3], here = picture.Row(y)[x * 3], below = picture.Row(y + 1)[x * 3];
                if (Math.Abs(here - above) > 100 && Math.Abs(here - below) > 100)
                {
                    combs++;
                    break;
                }
            }
        }

        return combs;
    }

    private static async Task<(int, FramePipeResult)> ReadWithoutFieldsAsync(string path, ProbedVideo video)
    {
        int combs = 0;
        var result = await new FramePipe(MediaLab.Tools).ReadAsync(
            path, video with { FieldOrder = "progressive" }, new FrameSampling.Numbers([5]), (_, picture) => combs = CombRows(picture), default);
        return (combs, result);
    }
}

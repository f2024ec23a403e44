using MedGenCluster.Curation.Network.Download;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Network.Download;

/// <summary>What a server says of sizes, ranges and types is held against what it sends.</summary>
public sealed class DistrustTests
{
    private const string Path = "/videos/knee.mp4";

    private readonly byte[] _content = StandInFile.Noise(400_000);

    [Fact]
    public async Task A_size_that_never_comes_is_a_contradiction()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.SayLength(900_000));

        await FailsAsync(lab, "contradicts itself");
        Assert.False(File.Exists(lab.PartPath));
    }

    [Fact]
    public async Task A_size_that_is_smaller_than_what_is_there_already_is_a_contradiction()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);
        lab.Net.Troubles.At(Path, new Trouble.SayLength(200_000), times: 1);

        await lab.FetchedAsync(Path, _content);
        Assert.Equal([null, "bytes=300000-", null], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_range_beside_the_one_asked_for_is_not_written()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);
        lab.Net.Troubles.At(Path, new Trouble.ShiftContentRange(-100), times: 1);

        await lab.FetchedAsync(Path, _content);
        Assert.Equal([null, "bytes=300000-", null], lab.Ranges(Path));
    }

    [Fact]
    public async Task More_bytes_than_announced_are_not_written()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        var part = PartialFile.Open(lab.Folder, lab.Net.Url(Path));
        part.Begin(StandInFile.Tagged(_content).ETag, null, null);
        part.Is(".mp4");
        await File.WriteAllBytesAsync(lab.PartPath, _content[..300_000]);
        lab.Net.Troubles.At(Path, new Trouble.Excess(50), times: 1);

        await lab.FetchedAsync(Path, _content);
        Assert.Equal(["bytes=300000-", null], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_part_that_was_not_asked_for_is_not_taken_for_the_file()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Excess(1));

        await FailsAsync(lab, "not asked for");
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_before_its_bytes_are_read()
    {
        await using var lab = await DownloadLab.OpenAsync(new DownloadOptions { MaxBytes = 399_999 });
        lab.Net.Add(Path, _content);

        await RefusedAsync(lab, "too-large", "400000 bytes");
        Assert.False(File.Exists(lab.PartPath));
    }

    [Theory]
    [InlineData("text/html", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("audio/mpeg", "audio/mpeg")]
    [InlineData("image/png", "image/png")]
    public async Task A_type_that_is_no_video_is_refused(string type, string says)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.SayType(type));

        await RefusedAsync(lab, "not-a-video", says);
    }

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_web_page_is_refused_whatever_it_is_served_as(string? type)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, new StandInFile(" <!DOCTYPE html><html><body>Log in</body></html>"u8.ToArray(), type));

        await RefusedAsync(lab, "not-a-video", "web page");
    }

    [Theory]
    [InlineData("video/quicktime")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData(null)]
    public async Task A_video_is_taken_under_a_vague_type(string? type)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, new StandInFile(_content, type));

        Assert.EndsWith("media.mp4", await lab.FetchedAsync(Path, _content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_refused()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, []);

        await RefusedAsync(lab, "not-a-video", "empty");
    }

    [Theory]
    [InlineData("GkXfo0KChHdlYm0=", ".webm", null)]
    [InlineData("GkXfo0KCiG1hdHJvc2th", ".mkv", null)]
    [InlineData("UklGRgAAAABBVkkgTElTVA==", ".avi", null)]
    [InlineData("AAAAGGZ0eXBxdCAgAAAA", ".mov", null)]
    [InlineData("iVBORw0KGgo=", null, "an image")]
    [InlineData("JVBERi0xLjc=", null, "a PDF")]
    [InlineData("I0VYVE0zVQo=", null, "a playlist")]
    [InlineData("AQIDBAUGBwg=", null, null)]
    public void Files_are_known_by_their_first_bytes(string base64, string? extension, string? foreign)
    {
        var signature = MediaSignature.Of(Convert.FromBase64String(base64));

        Assert.Equal((extension, foreign), (signature.Extension, signature.Foreign));
    }

    private static async Task RefusedAsync(DownloadLab lab, string code, string says)
    {
        var refused = Assert.IsType<DownloadResult.Refused>(await lab.FetchAsync(Path));
        Assert.Equal(code, refused.Code);
        Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
    }

    private static async Task FailsAsync(DownloadLab lab, string says) =>
        Assert.Contains(says, Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path)).Reason, StringComparison.Ordinal);
}

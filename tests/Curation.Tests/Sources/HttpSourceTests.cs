using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class HttpSourceTests
{
    [Fact]
    public async Task A_url_is_one_video_named_after_its_file()
    {
        var video = Assert.Single(await new HttpSource("https://Videos.Example.org/surgery/Knee%20arthroscopy.mp4?size=720#t=10").Videos());

        Assert.Equal("https://videos.example.org/surgery/Knee%20arthroscopy.mp4?size=720", video.Location);
        Assert.Equal((SourceKinds.Http, "Knee arthroscopy"), (video.SourceKind, video.Title));
        Assert.Equal(video.Location, video.Url);
    }

    [Fact]
    public async Task A_url_without_a_file_name_is_named_after_its_host() =>
        Assert.Equal("example.org", Assert.Single(await new HttpSource("https://example.org/").Videos()).Title);

    [Theory]
    [InlineData("videos/a.mp4", "absolute http")]
    [InlineData("ftp://example.org/a.mp4", "absolute http")]
    [InlineData("file:///etc/passwd", "absolute http")]
    [InlineData("https://user:secret@example.org/a.mp4", "user name")]
    public async Task What_cannot_be_asked_for_is_said(string location, string says)
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => new HttpSource(location).Videos());

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}

using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YouTubeUrlTests
{
    [Theory]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ")]
    [InlineData("http://youtube.com/watch?v=dQw4w9WgXcQ&t=42s&list=PLabcdefgh12")]
    [InlineData("https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ#top")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?si=x")]
    [InlineData("https://YouTube.com/shorts/dQw4w9WgXcQ/")]
    public void Spellings_of_a_video_are_one_video(string address)
    {
        var video = Assert.IsType<VideoUrl>(YouTubeUrl.TryParse(address, out var error));

        Assert.Equal("", error);
        Assert.Equal(("dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"), (video.Id, video.Key, video.Canonical));
        Assert.Equal(YouTubeUrl.TryParse("https://youtu.be/dQw4w9WgXcQ", out _), video);
    }

    [Theory]
    [InlineData("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos")]
    [InlineData("https://www.youtube.com/@Some.Clinic_1", "https://www.youtube.com/@Some.Clinic_1/videos")]
    [InlineData("https://youtube.com/@Some.Clinic_1/featured", "https://www.youtube.com/@Some.Clinic_1/videos")]
    [InlineData("https://www.youtube.com/@clinic/streams", "https://www.youtube.com/@clinic/streams")]
    [InlineData("https://www.youtube.com/@%E5%8C%BB%E9%99%A2/shorts", "https://www.youtube.com/@%E5%8C%BB%E9%99%A2/shorts")]
    [InlineData("https://www.youtube.com/c/SomeClinic/videos?view=0", "https://www.youtube.com/c/SomeClinic/videos")]
    [InlineData("https://www.youtube.com/user/someclinic", "https://www.youtube.com/user/someclinic/videos")]
    public void A_channel_is_asked_for_the_list_of_its_uploads(string address, string canonical)
    {
        Assert.Equal(canonical, Assert.IsType<ChannelUrl>(YouTubeUrl.TryParse(address, out _)).Canonical);
    }

    [Fact]
    public void A_playlist_is_known_by_its_id()
    {
        var playlist = Assert.IsType<PlaylistUrl>(YouTubeUrl.TryParse("https://www.youtube.com/playlist?list=PLabcdefghijklmno_-1&si=x", out _));

        Assert.Equal("https://www.youtube.com/playlist?list=PLabcdefghijklmno_-1", playlist.Canonical);
    }

    [Theory]
    [InlineData("dQw4w9WgXcQ", "no http or https")]
    [InlineData("youtube.com/@clinic", "no http or https")]
    [InlineData("ftp://www.youtube.com/@clinic", "no http or https")]
    [InlineData("https://vimeo.com/1", "not an address of YouTube")]
    [InlineData("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "not an address of YouTube")]
    [InlineData("https://evilyoutube.com/watch?v=dQw4w9WgXcQ", "not an address of YouTube")]
    [InlineData("https://user:secret@www.youtube.com/watch?v=dQw4w9WgXcQ", "not an address of YouTube")]
    [InlineData("https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ", "not an address of YouTube")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXc", "no video id")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQQ", "no video id")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgX%2FQ", "no video id")]
    [InlineData("https://www.youtube.com/watch", "no video id")]
    [InlineData("https://youtu.be/", "names no video")]
    [InlineData("https://www.youtube.com/channel/UCshort", "no channel id")]
    [InlineData("https://www.youtube.com/@", "no name of a channel")]
    [InlineData("https://www.youtube.com/@a%0Ab", "no name of a channel")]
    [InlineData("https://www.youtube.com/@clinic/playlists", "lists no videos")]
    [InlineData("https://www.youtube.com/playlist?list=WL", "signed-in account")]
    [InlineData("https://www.youtube.com/playlist?list=RDdQw4w9WgXcQ", "a mix")]
    [InlineData("https://www.youtube.com/playlist?list=--exec", "no playlist id")]
    [InlineData("https://www.youtube.com/results?search_query=knee", "names neither")]
    [InlineData("https://www.youtube.com/", "names neither")]
    public void Everything_else_is_an_error_that_says_what_to_give(string address, string words)
    {
        Assert.Null(YouTubeUrl.TryParse(address, out var error));
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Contains("give a video", error, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Headers;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class PictureTests
{
    [Fact]
    public async Task A_video_is_served_whole_and_by_range()
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Playable}/video";
        using var whole = await api.Client.GetAsync(address);
        var film = await whole.Content.ReadAsByteArrayAsync();
        using var part = await RangeAsync(api, address, 100, 199);
        using var beyond = await RangeAsync(api, address, film.Length, film.Length + 10);

        Assert.Equal("video/mp4", whole.Content.Headers.ContentType?.MediaType);
        Assert.Equal("ftyp"u8.ToArray(), film[4..8]);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal((HttpStatusCode.PartialContent, film.Length), (part.StatusCode, part.Content.Headers.ContentRange?.Length));
        Assert.Equal(film[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.NotEqual(true, beyond.Headers.CacheControl?.Extensions.Any(part => part.Name == "immutable"));
    }

    [Theory]
    [InlineData("video")]
    [InlineData("thumbnail")]
    [InlineData("frames/3")]
    public async Task What_a_browser_has_already_is_304(string what)
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Playable}/{what}";
        using var first = await api.Client.GetAsync(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.True(first.Headers.CacheControl!.Private);
    }

    [Fact]
    public async Task Every_frame_of_the_detail_is_a_picture_of_its_own()
    {
        await using var api = await ApiHost.StartAsync();
        var frames = (await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.Playable}")).Frames;
        var (pictures, tags) = (new HashSet<string>(), new HashSet<string>());
        for (var n = 0; n < frames.Count; n++)
        {
            using var answer = await api.Client.GetAsync($"/api/clips/{api.Corpus.Playable}/frames/{n}");
            Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
            pictures.Add(Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync()));
            tags.Add(answer.Headers.ETag!.Tag);
        }

        Assert.Equal((8, 8), (pictures.Count, tags.Count));
        Assert.Contains("0 to 7", await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Playable}/frames/8"));
        Assert.Contains("0 to 7", await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Playable}/frames/-1"));
        await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Playable}/frames/first");
    }

    [Fact]
    public async Task A_thumbnail_is_320_pixels_wide_and_made_once_for_all_who_ask_at_the_same_time()
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Playable}/thumbnail";
        var pictures = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.Client.GetByteArrayAsync(address)));
        var later = await api.Client.GetByteArrayAsync(address);

        Assert.All(pictures, picture => Assert.Equal(later, picture));
        Assert.Equal((320, 240), Size(later));
        Assert.Equal(1, api.Host.Processes.Totals["ffmpeg"].Runs);
        Assert.Equal(later, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(api.Thumbs))));
    }

    [Fact]
    public async Task The_frames_of_a_clip_are_made_by_one_run_for_all_who_ask_at_the_same_time()
    {
        await using var api = await ApiHost.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => api.Client.GetByteArrayAsync($"/api/clips/{api.Corpus.Playable}/frames/{n % 8}")));

        Assert.Equal(1, api.Host.Processes.Totals["ffmpeg"].Runs);
        Assert.Equal(8, Directory.GetFiles(api.Thumbs).Length);
    }

    [Fact]
    public async Task A_picture_that_went_from_the_cache_is_made_again()
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Playable}/thumbnail";
        var first = await api.Client.GetByteArrayAsync(address);
        File.Delete(Assert.Single(Directory.GetFiles(api.Thumbs)));

        Assert.Equal(first, await api.Client.GetByteArrayAsync(address));
    }

    [Theory]
    [InlineData("video")]
    [InlineData("thumbnail")]
    [InlineData("frames/0")]
    public async Task A_clip_whose_file_is_lost_is_404_with_what_to_do(string what)
    {
        await using var api = await ApiHost.StartAsync();

        Assert.Contains("media folder", await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Lost}/{what}"));
        Assert.Contains("not been cut", await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Uncut}/{what}"));
        Assert.Contains(api.Corpus.Video, await api.ProblemAsync(HttpStatusCode.NotFound, $"/api/clips/{api.Corpus.Video}/{what}"));
    }

    [Fact]
    public async Task A_film_that_cannot_be_decoded_is_503_and_tried_again_at_the_next_request()
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Broken}/thumbnail";
        var first = await api.ProblemAsync(HttpStatusCode.ServiceUnavailable, address);
        using var second = await api.Client.GetAsync(address);

        Assert.Contains(api.Corpus.Broken, first);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Null(second.Headers.ETag);
        Assert.True(second.Headers.CacheControl?.NoStore ?? second.Headers.CacheControl is null);
        Assert.Equal(2, api.Host.Processes.Totals["ffmpeg"].Runs);
        Assert.Empty(Directory.GetFiles(api.Thumbs));
    }

    [Fact]
    public async Task One_who_goes_away_does_not_take_the_picture_from_others()
    {
        await using var api = await ApiHost.StartAsync();
        var address = $"/api/clips/{api.Corpus.Playable}/thumbnail";
        using var leaving = new CancellationTokenSource();
        var left = api.Client.GetByteArrayAsync(address, leaving.Token);
        var stays = api.Client.GetByteArrayAsync(address);
        await leaving.CancelAsync();
        await Record.ExceptionAsync(() => left);

        Assert.Equal((320, 240), Size(await stays));
    }

    private static async Task<HttpResponseMessage> RangeAsync(ApiHost api, string address, long from, long to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new RangeHeaderValue(from, to);
        return await api.Client.SendAsync(request);
    }

    /// <summary>Width and height from the frame header of a JPEG file.</summary>
    private static (int Width, int Height) Size(byte[] jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length; at += 2 + (jpeg[at + 2] << 8) + jpeg[at + 3])
        {
            if (jpeg[at + 1] is 0xC0 or 0xC2)
            {
                return ((jpeg[at + 7] << 8) + jpeg[at + 8], (jpeg[at + 5] << 8) + jpeg[at + 6]);
            }
        }

        throw new InvalidDataException("The file is no JPEG.");
    }
}

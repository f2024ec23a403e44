using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

[Collection(ReadingCollection.Name)]
public sealed class ItemDetailTests(ReadingHost host)
{
    private ApiHost Api => host.Api;

    private Corpus Corpus => host.Api.Corpus;

    [Fact]
    public async Task An_accepted_clip_shows_its_caption_scores_trail_and_source()
    {
        var clip = await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Playable}");

        Assert.Equal(Corpus.Video, clip.Video?.Id);
        Assert.Equal(Corpus.Title, clip.VideoFacts?.GetProperty("title").GetString());
        Assert.Contains("<script>", clip.Caption!.Detailed);
        Assert.False(clip.Caption.Edited);
        Assert.Equal((0.0, 7.0), (clip.StartSeconds, clip.EndSeconds));
        Assert.False(clip.CaptionerSawFrames);
        Assert.Equal([0.12, 0.36, 0.6, 0.84, 1.12, 1.36, 1.6, 1.84], clip.Frames);
        Assert.Equal(["cut", "caption", "borders", "subtitles", "aesthetics", "technical-quality", "joint"], clip.Trail.Select(entry => entry.Stage));
        Assert.All(clip.Trail, entry => Assert.Equal("passed", entry.Verdict));
        Assert.All(clip.Scores, line => Assert.Equal("passed", line.Verdict));
        Assert.Equal(7, clip.Measurements.Count);
        Assert.Equal(("https://example.org/0", "CC BY", "folder", "0.mp4"), (clip.Provenance.Url, clip.Provenance.Licence, clip.Provenance.SourceKind, clip.Provenance.SourceKey));
        Assert.Equal(clip.Item.Sha256, clip.Provenance.Sha256);
    }

    [Theory]
    [InlineData(2, "aesthetics", "score")]
    [InlineData(3, "borders", "thickest border, px")]
    [InlineData(4, "subtitles", "words")]
    [InlineData(7, "joint", "aesthetic (both must be low)")]
    public async Task A_rejected_clip_shows_the_score_that_rejected_it_and_what_nobody_measured(int number, string stage, string score)
    {
        var clip = await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Clips[number]}");

        Assert.Equal("rejected", clip.Item.Outcome);
        Assert.Equal(("rejected", stage), (clip.Trail[^1].Verdict, clip.Trail[^1].Stage));
        Assert.Equal("rejected", Assert.Single(clip.Scores, line => line.Stage == stage && line.Name == score).Verdict);
        Assert.Equal(clip.Measurements.All(measured => measured.Stage != "technical-quality"), clip.Scores.Any(line => line.Verdict == "not-measured"));
    }

    [Fact]
    public async Task A_clip_that_waits_or_was_refused_has_no_caption()
    {
        Assert.Null((await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Uncaptioned}")).Caption);
        Assert.Null((await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Clips[8]}")).Caption);
        Assert.Empty((await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Uncut}")).Frames);
    }

    [Fact]
    public async Task A_video_shows_its_clips()
    {
        var video = await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.Video}");

        Assert.Equal(("video", "awaiting-clips"), (video.Item.Kind, video.Item.Outcome));
        Assert.Equal(Corpus.Clips, video.Clips.Select(clip => clip.Id));
        Assert.Null(video.Video);
        Assert.Equal("1970-01-01 00:00:00Z", video.Provenance.RetrievedAt);
    }

    [Fact]
    public async Task The_trail_of_an_item_is_that_of_its_detail()
    {
        var trail = await Api.GetAsync<IReadOnlyList<TrailEntry>>($"/api/items/{Corpus.FailedClip}/trail");

        Assert.Equal((await Api.GetAsync<ItemDetail>($"/api/items/{Corpus.FailedClip}")).Trail, trail);
        Assert.Equal(("failed", Corpus.Failure), (trail[^1].Verdict, trail[^1].Reason));
        Assert.Equal("duplicate-of " + Corpus.Playable, (await Api.GetAsync<IReadOnlyList<TrailEntry>>($"/api/items/{Corpus.Duplicate}/trail"))[^1].Reason);
    }

    [Theory]
    [InlineData("/api/items/v0123456789abcdef")]
    [InlineData("/api/items/v0123456789abcdef/trail")]
    [InlineData("/api/items/%3Cscript%3E")]
    [InlineData("/api/items/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/clips/v0123456789abcdef-0000000-0007000/thumbnail")]
    [InlineData("/api/clips/v0123456789abcdef-0000000-0007000/video")]
    [InlineData("/api/clips/v0123456789abcdef-0000000-0007000/frames/0")]
    public async Task An_unknown_item_is_404_with_where_to_look(string path) =>
        Assert.Contains("/api/items", await Api.ProblemAsync(HttpStatusCode.NotFound, path));
}

using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class CaptionEditTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    [Fact]
    public async Task An_edit_replaces_the_caption_and_stays_in_the_trail_and_in_search()
    {
        await using var api = await ApiHost.StartAsync();
        var before = await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.Playable}");
        var edited = await EditAsync(api, new CaptionEditRequest("  A nurse <i>waits</i>. ", "Two lines\nand a tab\t, \U0001FAC0.", "Ada"));

        Assert.Equal(("A nurse <i>waits</i>.", "Two lines\nand a tab\t, \U0001FAC0.", true), (edited.Caption!.Brief, edited.Caption.Detailed, edited.Caption.Edited));
        Assert.Contains("edited by hand", edited.Caption.Model);
        var edit = Assert.Single(edited.Edits);
        Assert.Equal(("Ada", before.Caption!.Brief, before.Caption.Detailed, edited.Caption.Brief), (edit.Editor, edit.BriefBefore, edit.DetailedBefore, edit.BriefAfter));
        Assert.Equal(("edited", "caption"), (edited.Trail[^1].Verdict, edited.Trail[^1].Stage));
        Assert.Equal((1, 0), ((await api.GetAsync<ItemPage>("/api/items?text=nurse")).Total, (await api.GetAsync<ItemPage>("/api/items?text=surgeon")).Total));
        Assert.Equal(edited.Caption.Brief, (await api.GetAsync<ItemPage>("/api/items?text=nurse")).Items[0].Brief);
    }

    [Fact]
    public async Task Edits_stand_in_their_order_and_the_newest_holds()
    {
        await using var api = await ApiHost.StartAsync();
        await EditAsync(api, new CaptionEditRequest("one", "one", "Ada"));
        var twice = await EditAsync(api, new CaptionEditRequest("two", "two", "Bea"));

        Assert.Equal(["Ada", "Bea"], twice.Edits.Select(edit => edit.Editor));
        Assert.Equal(("one", "two", "two"), (twice.Edits[1].BriefBefore, twice.Edits[1].BriefAfter, twice.Caption!.Brief));
    }

    [Theory]
    [InlineData("""{"brief":"","detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"brief":"   ","detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"brief":"b","detailed":"","editor":"e"}""", "detailed")]
    [InlineData("""{"brief":"b","detailed":"d","editor":" "}""", "editor")]
    [InlineData("""{"brief":"b\u0000","detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"brief":"b","detailed":"d\u001b[31m","editor":"e"}""", "detailed")]
    [InlineData("""{"brief":"b","detailed":"d","editor":"e\nf"}""", "editor")]
    [InlineData("""{"brief":"\ud800","detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"brief":null,"detailed":"d","editor":"e"}""", "brief")]
    [InlineData("""{"brief":"b","detailed":"d","editor":"e","title":"t"}""", "title")]
    [InlineData("""{"brief":"b",""", "JSON")]
    public async Task A_text_that_cannot_stand_is_refused_by_its_field(string body, string field)
    {
        var api = host.Api;

        Assert.Contains(field, await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/clips/{api.Corpus.Playable}/caption", body));
        Assert.Empty((await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.Playable}")).Edits);
    }

    [Fact]
    public async Task A_text_is_bounded_and_everything_wrong_is_told_at_once()
    {
        await using var api = await ApiHost.StartAsync();
        var detail = await api.ProblemAsync(
            HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/clips/{api.Corpus.Playable}/caption", new CaptionEditRequest(new string('b', 1001), new string('d', 10_001), new string('e', 65)));

        Assert.Contains("1,000", detail);
        Assert.Contains("10,000", detail);
        Assert.Contains("64", detail);
    }

    [Fact]
    public async Task A_clip_without_a_caption_is_a_conflict_and_what_is_no_clip_is_404()
    {
        await using var api = await ApiHost.StartAsync();
        var request = new CaptionEditRequest("b", "d", "e");

        Assert.Contains("no caption", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"/api/clips/{api.Corpus.Uncaptioned}/caption", request));
        Assert.Contains("no caption", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"/api/clips/{api.Corpus.Clips[8]}/caption", request));
        await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Put, $"/api/clips/{api.Corpus.Video}/caption", request);
        await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Put, "/api/clips/none/caption", request);
    }

    private static Task<ItemDetail> EditAsync(ApiHost api, CaptionEditRequest request) => api.SendAsync<ItemDetail>(HttpMethod.Put, $"/api/clips/{api.Corpus.Playable}/caption", request);
}

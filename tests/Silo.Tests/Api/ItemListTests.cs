using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

[Collection(ReadingCollection.Name)]
public sealed class ItemListTests(ReadingHost host)
{
    private ApiHost Api => host.Api;

    private Corpus Corpus => host.Api.Corpus;

    [Theory]
    [InlineData("", 13)]
    [InlineData("kind=clip", 13)]
    [InlineData("outcome=accepted", 4)]
    [InlineData("outcome=rejected", 5)]
    [InlineData("outcome=failed", 2)]
    [InlineData("outcome=active", 2)]
    [InlineData("stage=technical-quality", 1)]
    [InlineData("stage=aesthetics&reason=aesthetics-rejected", 1)]
    [InlineData("reason=no-such-reason", 0)]
    [InlineData("category=imaging", 1)]
    [InlineData("category=none", 2)]
    [InlineData("duplicate=true", 1)]
    [InlineData("outcome=accepted&duplicate=false", 3)]
    [InlineData("min=aesthetic:4.5", 4)]
    [InlineData("min=aesthetic:3&max=aesthetic:4", 2)]
    [InlineData("max=technical:0.5", 2)]
    [InlineData("min=words:30", 1)]
    [InlineData("min=border:12&max=border:12", 1)]
    [InlineData("min=duration:6.9&max=duration:7.1", 13)]
    [InlineData("min=aesthetic:1e3", 0)]
    [InlineData("text=surgeon", 1)]
    [InlineData("text=SURG%20wound", 1)]
    [InlineData("text=%22%20OR%20*", 0)]
    [InlineData("text=...", 0)]
    [InlineData("job=999", 0)]
    [InlineData("kind=video", 4)]
    [InlineData("kind=video&outcome=failed", 1)]
    [InlineData("kind=video&stage=probe&outcome=rejected&reason=resolution-below-minimum", 1)]
    public async Task A_filter_counts_and_lists_what_fits_and_nothing_else(string filter, int count)
    {
        var page = await Api.GetAsync<ItemPage>("/api/items?" + filter);

        Assert.Equal(count, page.Total);
        Assert.Equal(count, page.Items.Select(item => item.Id).Distinct().Count());
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Clips_of_one_video_are_those_whose_parent_it_is()
    {
        var all = await Api.GetAsync<ItemPage>($"/api/items?parent={Corpus.Video}");
        var accepted = await Api.GetAsync<ItemPage>($"/api/items?parent={Corpus.Video}&outcome=accepted");

        Assert.Equal(Corpus.Clips, all.Items.Select(item => item.Id));
        Assert.Equal(4, accepted.Total);
        Assert.All(accepted.Items, item => Assert.Equal("accepted", item.Outcome));
    }

    [Theory]
    [InlineData("limit=1")]
    [InlineData("limit=3&sort=-aesthetic")]
    [InlineData("limit=3&sort=technical")]
    [InlineData("limit=5&sort=-id")]
    [InlineData("limit=2&sort=words&outcome=accepted")]
    [InlineData("limit=3&sort=-duration")]
    [InlineData("limit=1&kind=video")]
    [InlineData("limit=4&parent=VIDEO")]
    public async Task Pages_follow_one_another_without_gap_or_repetition(string query)
    {
        query = query.Replace("VIDEO", Corpus.Video, StringComparison.Ordinal);
        var whole = await Api.GetAsync<ItemPage>($"/api/items?{query}&limit=200".Replace(query, Without(query), StringComparison.Ordinal));
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await Api.GetAsync<ItemPage>($"/api/items?{query}{(next is null ? "" : "&after=" + Uri.EscapeDataString(next))}");
            Assert.Equal(whole.Total, page.Total);
            Assert.NotEmpty(page.Items);
            seen.AddRange(page.Items.Select(item => item.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(whole.Items.Select(item => item.Id), seen);
    }

    [Theory]
    [InlineData("aesthetic", false)]
    [InlineData("aesthetic", true)]
    [InlineData("technical", false)]
    [InlineData("technical", true)]
    public async Task Items_are_sorted_by_a_score_and_those_without_it_come_last(string score, bool descending)
    {
        var page = await Api.GetAsync<ItemPage>($"/api/items?sort={(descending ? "-" : "")}{score}");
        var scores = page.Items.Select(item => score == "aesthetic" ? item.Aesthetic : item.Technical).ToList();
        var known = scores.OfType<double>().ToList();

        Assert.Equal(descending ? known.OrderDescending() : known.Order(), known);
        Assert.All(scores.Skip(known.Count), Assert.Null);
        Assert.True(known.Count < scores.Count);
    }

    [Theory]
    [InlineData("kind=film", "clip or video")]
    [InlineData("stage=paint", "technical-quality")]
    [InlineData("outcome=great", "awaiting-clips")]
    [InlineData("category=cooking", "clinical practice")]
    [InlineData("sort=weight", "aesthetic")]
    [InlineData("sort=0", "aesthetic")]
    [InlineData("limit=0", "between 1 and 200")]
    [InlineData("limit=201", "between 1 and 200")]
    [InlineData("limit=many", "limit takes a whole number, not 'many'.")]
    [InlineData("job=one", "job takes a whole number, not 'one'.")]
    [InlineData("duplicate=perhaps", "duplicate takes true or false")]
    [InlineData("min=aesthetic", "aesthetic:4")]
    [InlineData("min=aesthetic:", "aesthetic:4")]
    [InlineData("min=:4", "aesthetic:4")]
    [InlineData("min=weight:4", "duration")]
    [InlineData("max=technical:NaN", "technical")]
    [InlineData("max=technical:0,5", "technical")]
    [InlineData("after=here", "page")]
    [InlineData("after=1_2_3", "page")]
    [InlineData("after=_", "page")]
    [InlineData("kind=video&text=heart", "text")]
    [InlineData("kind=video&min=aesthetic:4", "min")]
    [InlineData("kind=video&category=none", "category")]
    [InlineData("kind=video&duplicate=true", "duplicate")]
    [InlineData("kind=video&sort=aesthetic", "sort")]
    public async Task A_wrong_value_is_refused_with_what_is_allowed(string query, string names) =>
        Assert.Contains(names, await Api.ProblemAsync(HttpStatusCode.BadRequest, "/api/items?" + query));

    [Fact]
    public async Task A_text_of_unbounded_length_is_refused() =>
        Assert.Contains("200", await Api.ProblemAsync(HttpStatusCode.BadRequest, "/api/items?text=" + new string('x', 201)));

    [Fact]
    public async Task The_clips_of_a_video_that_nobody_knows_are_404()
    {
        Assert.Contains("vnone", await Api.ProblemAsync(HttpStatusCode.NotFound, "/api/items?parent=vnone"));
        Assert.Contains(Corpus.Playable, await Api.ProblemAsync(HttpStatusCode.NotFound, $"/api/items?parent={Corpus.Playable}"));
    }

    [Fact]
    public async Task A_summary_says_what_the_ledger_holds()
    {
        var items = (await Api.GetAsync<ItemPage>("/api/items")).Items.ToDictionary(item => item.Id);
        var (first, duplicate, failed, uncut) = (items[Corpus.Playable], items[Corpus.Duplicate], items[Corpus.FailedClip], items[Corpus.Uncut]);

        Assert.Equal(("clip", "accepted", "joint", 6.0, 0.9, 0), (first.Kind, first.Outcome, first.Stage, first.Aesthetic, first.Technical, first.Words));
        Assert.Equal((Corpus.Title, "A surgeon closes a wound & says <b>done</b>.", "teaching", 7.0), (first.Title, first.Brief, first.Category, first.DurationSeconds));
        Assert.Equal(Corpus.Playable, duplicate.DuplicateOf);
        Assert.Equal(("failed", Corpus.Failure, 1), (failed.Outcome, failed.Reason, failed.Attempts));
        Assert.False(uncut.HasMedia);
        Assert.Null(items[Corpus.Clips[8]].Brief);
    }

    private static string Without(string query) => string.Join('&', query.Split('&').Where(part => !part.StartsWith("limit=", StringComparison.Ordinal)));
}

using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

[Collection(ReadingCollection.Name)]
public sealed class FunnelTests(ReadingHost host)
{
    private ApiHost Api => host.Api;

    [Fact]
    public async Task The_funnel_loses_at_each_stage_what_that_stage_rejected_or_failed()
    {
        var funnel = await Api.GetAsync<FunnelView>($"/api/funnel?job={Api.Corpus.Job}");

        Assert.Equal((4, 13, 4, 1, 3), (funnel.Videos, funnel.Clips, funnel.Accepted, funnel.Duplicates, funnel.Failed));
        Assert.All(funnel.Stages, stage => Assert.Equal(stage.In, stage.Pending + stage.Rejected + stage.Failed + stage.Passed));
        Assert.All(funnel.Stages, stage => Assert.Equal(stage.Rejected, stage.Reasons.Sum(reason => reason.Count)));
        Assert.Equal((13, 1, 1, 11), Row("cut"));
        Assert.Equal((11, 1, 0, 9), Row("caption"));
        Assert.Equal((9, 0, 0, 8), Row("borders"));
        Assert.Equal((6, 0, 1, 5), Row("technical-quality"));
        Assert.Equal(("resolution-below-minimum", 1), (funnel.Stages.Single(stage => stage.Stage == "probe").Reasons[0].Reason, funnel.Stages.Single(stage => stage.Stage == "probe").Rejected));

        (long In, long Pending, long Failed, long Passed) Row(string name) => funnel.Stages.Where(stage => stage.Stage == name).Select(stage => (stage.In, stage.Pending, stage.Failed, stage.Passed)).Single();
    }

    [Fact]
    public async Task The_funnel_counts_the_near_duplicates_of_now()
    {
        await using var api = await ApiHost.StartAsync();
        var before = await api.GetAsync<FunnelView>("/api/funnel");
        await api.Host.Ledger.MarkDuplicatesAsync(new Dictionary<long, (string, double)>(), 8);

        Assert.Equal((1, 0), (before.Duplicates, (await api.GetAsync<FunnelView>("/api/funnel")).Duplicates));
    }

    [Fact]
    public async Task Thresholds_stand_over_the_histograms_of_their_scores()
    {
        var thresholds = await Api.GetAsync<IReadOnlyList<Threshold>>("/api/thresholds");
        var aesthetic = thresholds.Single(threshold => threshold.Name == "aesthetics.minScore");

        Assert.Equal(["borders.minThickness", "subtitles.maxWords", "aesthetics.minScore", "technicalQuality.threshold", "joint.maxTechnical", "joint.maxAesthetic"], thresholds.Select(t => t.Name));
        Assert.Equal(("aesthetics", "aesthetic", "below", 3.0, 7), (aesthetic.Stage, aesthetic.Score, aesthetic.Rejects, aesthetic.Current, aesthetic.Histogram.Sum()));
        Assert.Equal(1, aesthetic.Histogram[(int)(2.5 / 10 * 64)]);
        Assert.Equal(1, aesthetic.Histogram[(int)(7.0 / 10 * 64)]);
        Assert.Equal(5, thresholds.Single(threshold => threshold.Name == "joint.maxTechnical").Histogram.Sum());
        Assert.All(await Api.GetAsync<IReadOnlyList<Threshold>>($"/api/thresholds?job={Api.Corpus.Empty}"), threshold => Assert.Equal(0, threshold.Histogram.Sum()));
    }

    [Fact]
    public async Task A_what_if_moves_clips_across_the_threshold_and_names_the_nearest()
    {
        var stricter = await WhatIfAsync(new WhatIfRequest(Api.Corpus.Job, new Dictionary<string, double> { ["aesthetics.minScore"] = 4.6 }));
        var looser = await WhatIfAsync(new WhatIfRequest(null, new Dictionary<string, double> { ["aesthetics.minScore"] = 2 }, Edges: 1));

        Assert.Equal((4, 2, 0, 2), (stricter.AcceptedNow, stricter.Accepted, stricter.Gained, stricter.Lost));
        Assert.Equal([Api.Corpus.Playable, Api.Corpus.Lost], stricter.Inside.Select(clip => clip.Id));
        Assert.Equal(Api.Corpus.Duplicate, stricter.Outside[0].Id);
        Assert.Equal((1, 0), (looser.Unmeasured, looser.Lost));
        Assert.Equal(Api.Corpus.Broken, Assert.Single(looser.Inside).Id);
    }

    [Fact]
    public async Task A_what_if_without_changes_is_the_present()
    {
        var same = await WhatIfAsync(new WhatIfRequest(null, new Dictionary<string, double>()));

        Assert.Equal((4, 4, 0, 0), (same.AcceptedNow, same.Accepted, same.Gained, same.Lost));
        Assert.Equal(("joint", 1), (same.RejectedByStage[^1].Reason, (int)same.RejectedByStage[^1].Count));
    }

    [Theory]
    [InlineData("""{"changes":{"probe.minShortSide":720}}""", "aesthetics.minScore")]
    [InlineData("""{"changes":{"":1}}""", "aesthetics.minScore")]
    [InlineData("""{"changes":{"subtitles.maxWords":1.5}}""", "subtitles.maxWords")]
    [InlineData("""{"changes":{"subtitles.maxWords":1e300}}""", "subtitles.maxWords")]
    [InlineData("""{"changes":{"subtitles.maxWords":-1}}""", "axWords")]
    [InlineData("""{"changes":{"technicalQuality.threshold":2}}""", "hreshold")]
    [InlineData("""{"changes":{"aesthetics.minScore":"NaN"}}""", "aesthetics.minScore")]
    [InlineData("""{"changes":{"aesthetics.minScore":1e999}}""", "aesthetics.minScore")]
    [InlineData("""{"changes":{"aesthetics.minScore":null}}""", "aesthetics.minScore")]
    [InlineData("""{"changes":{},"edges":51}""", "between 0 and 50")]
    [InlineData("""{"changes":{},"edges":-1}""", "between 0 and 50")]
    [InlineData("""{"changes":null}""", "changes")]
    [InlineData("{}", "changes")]
    public async Task A_what_if_that_cannot_be_is_refused_by_what_is_wrong(string body, string names) =>
        Assert.Contains(names, await Api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/what-if", body.Replace("{\"changes", "{\"job\":null,\"changes", StringComparison.Ordinal)));

    [Fact]
    public async Task An_unknown_job_is_404()
    {
        Assert.Contains("999", await Api.ProblemAsync(HttpStatusCode.NotFound, "/api/funnel?job=999"));
        Assert.Contains("999", await Api.ProblemAsync(HttpStatusCode.NotFound, "/api/thresholds?job=999"));
        Assert.Contains("999", await Api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/what-if", new WhatIfRequest(999, new Dictionary<string, double>())));
        Assert.Contains("999", await Api.ProblemAsync(HttpStatusCode.NotFound, "/api/throughput?job=999"));
    }

    private Task<WhatIfView> WhatIfAsync(WhatIfRequest request) => Api.SendAsync<WhatIfView>(HttpMethod.Post, "/api/what-if", request);
}

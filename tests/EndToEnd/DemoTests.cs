using System.Text.Json;

namespace MedGenCluster.EndToEnd;

[Collection(DemoCollection.Name)]
public sealed class DemoTests(DemoFixture demo)
{
    [Fact]
    public void Every_planted_video_ends_as_it_should()
    {
        var judgements = demo.Demo.OfType("judgement").ToList();
        Assert.True(judgements.Count >= 18, $"only {judgements.Count} judgements\n{demo.Demo.Error}");
        Assert.All(judgements, judgement => Assert.True(
            judgement.GetProperty("right").GetBoolean(),
            $"{judgement.GetProperty("title")}: expected {judgement.GetProperty("expected")}, found {judgement.GetProperty("found")}"));
        demo.Demo.Succeeds();
    }

    [Fact]
    public void The_channel_is_found_among_many_candidates_by_half_of_its_videos()
    {
        var report = demo.Demo.OfType("screening").Single().GetProperty("report");
        var planted = demo.Demo.OfType("candidates").Single().GetProperty("planted").GetInt64();
        Assert.True(report.GetProperty("rows").GetInt64() >= 200_000);
        Assert.InRange(report.GetProperty("rejected").GetInt64(), 1000, 10_000);
        Assert.Equal(1, demo.Demo.OfType("plan").Single().GetProperty("chosen").GetInt64());
        Assert.Equal(demo.Channel, demo.Demo.OfType("submitted").Single().GetProperty("source").GetProperty("location").GetString());
        Assert.InRange(planted, 1, demo.Demo.OfType("judgement").Count() / 2);
    }

    [Fact]
    public void Each_filter_and_each_kind_of_trouble_is_planted()
    {
        var faults = demo.Demo.OfType("judgement").Select(judgement => judgement.GetProperty("fault").GetString()).ToHashSet();
        Assert.Superset(
            new HashSet<string?> { "mixedContent", "letterbox", "pillarbox", "subtitles", "blur", "noise", "lowResolution", "duplicate", "nonMedical", "truncated", "notAVideo" },
            faults);
    }

    [Fact]
    public void The_manifest_describes_every_exported_clip()
    {
        var rows = File.ReadLines(Path.Combine(demo.Dataset, "metadata.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.True(rows.Count >= 15, $"only {rows.Count} clips");
        Assert.All(rows, row =>
        {
            Assert.True(File.Exists(Path.Combine(demo.Dataset, row.GetProperty("file_name").GetString()!)));
            Assert.False(string.IsNullOrWhiteSpace(row.GetProperty("brief_caption").GetString()));
            Assert.False(string.IsNullOrWhiteSpace(row.GetProperty("detailed_caption").GetString()));
        });
        Assert.Equal(rows.Count, Directory.GetFiles(Path.Combine(demo.Dataset, "videos"), "*.mp4").Length);
        Assert.True(File.Exists(Path.Combine(demo.Dataset, "README.md")));
    }

    [Fact]
    public async Task A_clip_shows_its_trail()
    {
        var clip = (await Medgen.RunAsync("clips", "--data", demo.Data, "--outcome", "accepted", "--limit", "1", "--json")).Succeeds().Json.Single();
        var shown = (await Medgen.RunAsync("clips", clip.GetProperty("id").GetString()!, "--data", demo.Data, "--json")).Succeeds().Json.Single();
        var stages = shown.GetProperty("trail").EnumerateArray().Select(decision => decision.GetProperty("stage").GetString()).ToList();
        Assert.Equal(["cut", "caption", "borders", "subtitles", "aesthetics", "technical-quality", "joint"], stages);
        Assert.Contains("demo", shown.GetProperty("trail").EnumerateArray().Last(d => d.GetProperty("stage").GetString() == "aesthetics").GetProperty("modelVersion").GetString());
    }

    [Fact]
    public async Task A_threshold_is_changed_and_changed_back_without_decoding()
    {
        var data = Copy(demo.Data, "redecided");
        var before = (await Medgen.RunAsync("redecide", "--data", data, "--set", "aesthetics.minScore=100", "--json")).Succeeds().Json.Single();
        Assert.Equal(0, before.GetProperty("acceptedAfter").GetInt64());
        var after = (await Medgen.RunAsync("redecide", "--data", data, "--set", "aesthetics.minScore=3", "--json")).Succeeds().Json.Single();
        Assert.Equal(before.GetProperty("acceptedBefore").GetInt64(), after.GetProperty("acceptedAfter").GetInt64());
        Assert.Equal(0, after.GetProperty("unmeasured").GetInt64());
        Assert.Equal(demo.Manifest, await demo.ExportAsync(data, "redecided"));
    }

    [Fact]
    public async Task The_same_channel_again_adds_nothing()
    {
        var data = Copy(demo.Data, "again");
        await Medgen.RunAsync("crawl", demo.Channel, "--name", "demo", "--data", data);
        Assert.Equal(demo.Manifest, await demo.ExportAsync(data, "again"));
        Assert.Single((await Medgen.RunAsync("jobs", "--data", data, "--json")).Succeeds().Json);
    }

    private string Copy(string data, string name)
    {
        var target = Path.Combine(demo.Folder, name);
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedGenCluster.EndToEnd.Dashboard;

/// <summary>What a curator does all day, in a browser: first against a host that crawls a part of the demo's channel, then against one with what the demo
/// found. One story: each chapter goes on from the one before.</summary>
[Collection(DemoCollection.Name)]
public sealed class DashboardTests(DemoFixture demo, DashboardFixture dashboard) : IClassFixture<DashboardFixture>
{
    private const int LongMilliseconds = 300_000;

    [ChromiumFact]
    public async Task A_curator_submits_watches_looks_decides_audits_and_replays()
    {
        var part = await demo.PartAsync();
        await SubmitAndWatchAsync(part.Channel);
        await ExportAsync(part);

        var data = Path.Combine(dashboard.Folder, "demo");
        demo.CopyData(data);
        await dashboard.ServeAsync(data);
        await WatchTheFunnelAsync();
        await PlayAClipAsync();
        await EditACaptionAsync();
        await MoveAThresholdAsync();
        await AuditTwentySamplesAsync();
        await ReplayADeadLetterAsync();
        await LookAtEveryPageOnAPhoneAsync();
        Assert.Empty(dashboard.Complaints);
        Assert.Equal((0, ""), await dashboard.Host.StopAsync());
    }

    private async Task SubmitAndWatchAsync(string channel)
    {
        var page = await dashboard.OpenAsync("/jobs");
        await page.GetByTestId("submit-source").FillAsync("/nowhere/at/all");
        await Expect(page.GetByTestId("submit-trouble")).ToContainTextAsync("/nowhere/at/all");
        await Expect(page.GetByTestId("submit-button")).ToBeDisabledAsync();

        await page.GetByTestId("submit-source").FillAsync(channel);
        await Expect(page.GetByTestId("submit-check")).ToContainTextAsync("folder");
        await page.GetByTestId("submit-button").ClickAsync();
        var row = page.GetByTestId("job-row-1");
        await Expect(row).ToContainTextAsync("running");

        await page.GotoAsync("/");
        await Expect(page.GetByTestId("bottleneck")).ToBeVisibleAsync(new() { Timeout = LongMilliseconds });
        await page.GotoAsync("/jobs");
        await Expect(row).ToContainTextAsync("completed", new() { Timeout = LongMilliseconds });
        await Expect(row).ToContainTextAsync("100 %");
        await page.Context.CloseAsync();
    }

    /// <summary>What the host found is byte for byte what the command found.</summary>
    private async Task ExportAsync(ChannelPart part)
    {
        var dataset = Path.Combine(dashboard.Folder, "dataset");
        (await Medgen.RunAsync("export", dataset, "--server", dashboard.Host.Address, "--name", "medgen-demo")).Succeeds();
        Assert.Equal(part.Manifest, await File.ReadAllBytesAsync(Path.Combine(dataset, "metadata.jsonl")));
    }

    private async Task WatchTheFunnelAsync()
    {
        var page = await dashboard.OpenAsync("/funnel?job=1");
        await Expect(page.GetByTestId("funnel-accepted")).ToContainTextAsync($"{Accepted()} clips are accepted");
        await page.GetByTestId("funnel-borders").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/clips\\?.*stage=borders"));
        await Expect(page.Locator(".clip-card").First).ToContainTextAsync("rejected");
        await page.Context.CloseAsync();
    }

    private async Task PlayAClipAsync()
    {
        var page = await dashboard.OpenAsync("/clips?outcome=accepted");
        await Expect(page.GetByTestId("item-total")).ToHaveTextAsync($"{Accepted()} clips");
        await page.Locator(".clip-card").First.ClickAsync();
        await Expect(page.GetByTestId("trail")).ToContainTextAsync("joint");
        await page.GetByTestId("player").EvaluateAsync("video => { video.muted = true; return video.play(); }");
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 0.5");
        await Expect(page.Locator("figure img").First).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('figure img').naturalWidth > 0");

        // The picture is the clip's, not a blank.
        var before = page.Url;
        await page.Keyboard.PressAsync("j");
        await Expect(page).Not.ToHaveURLAsync(before);
        await page.Context.CloseAsync();
    }

    private async Task EditACaptionAsync()
    {
        var page = await dashboard.OpenAsync("/clips?outcome=accepted");
        await page.Locator(".clip-card").First.ClickAsync();
        var old = await page.GetByTestId("brief").InnerTextAsync();
        await page.GetByTestId("edit-caption").ClickAsync();
        await page.GetByTestId("caption-brief").FillAsync("A zebrafish <script>alert(1)</script> heart beats.");
        await page.GetByTestId("caption-editor").FillAsync("Ada");
        await page.GetByTestId("caption-save").ClickAsync();
        await Expect(page.GetByTestId("brief")).ToHaveTextAsync("A zebrafish <script>alert(1)</script> heart beats.");
        await Expect(page.GetByTestId("trail")).ToContainTextAsync("edited by Ada");
        await page.GetByText("One earlier caption").ClickAsync();
        await Expect(page.Locator(".edit")).ToContainTextAsync(old);

        await page.GotoAsync("/clips?text=zebrafish");
        await Expect(page.GetByTestId("item-total")).ToHaveTextAsync("1 clips");
        await page.Context.CloseAsync();
    }

    private async Task MoveAThresholdAsync()
    {
        var page = await dashboard.OpenAsync("/funnel");
        var accepted = page.GetByTestId("whatif-accepted");
        await Expect(accepted).ToHaveTextAsync(Accepted());
        var slider = page.GetByTestId("slider-aesthetics.minScore");
        await slider.FocusAsync();
        await slider.FillAsync("5.2");
        await Expect(accepted).Not.ToHaveTextAsync(Accepted());
        var promised = await accepted.InnerTextAsync();
        await Expect(page.Locator(".strip .clip-card").First).ToBeVisibleAsync();

        await page.GetByTestId("apply-redecision").ClickAsync();
        await page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(page.GetByTestId("redecision-status")).ToContainTextAsync($"→ {promised}", new() { Timeout = LongMilliseconds });
        await page.GotoAsync("/clips?outcome=accepted");
        await Expect(page.GetByTestId("item-total")).ToHaveTextAsync($"{promised} clips");

        // And back: nothing was lost by it.
        await page.GotoAsync("/funnel");
        await Expect(accepted).ToHaveTextAsync(promised);
        await slider.FillAsync("3");
        await Expect(accepted).ToHaveTextAsync(Accepted());
        await page.GetByTestId("apply-redecision").ClickAsync();
        await page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(page.GetByTestId("redecision-status")).ToContainTextAsync($"→ {Accepted()}", new() { Timeout = LongMilliseconds });
        await page.Context.CloseAsync();
    }

    private async Task AuditTwentySamplesAsync()
    {
        var page = await dashboard.OpenAsync("/audit");
        await page.GetByTestId("audit-size").FillAsync("20");
        await page.GetByTestId("audit-create").ClickAsync();
        await page.GetByTestId("rater-name").FillAsync("Grace");
        await page.GetByTestId("rater-start").ClickAsync();
        for (var sample = 0; sample < 20; sample++)
        {
            await Expect(page.GetByTestId("audit-position")).ToHaveTextAsync($"Sample {sample + 1} of 20");
            await page.Keyboard.PressAsync(sample == 3 ? "2" : "1");
        }

        await Expect(page.GetByTestId("standing-Grace")).ToContainTextAsync("20 of 20 marked");
        await Expect(page.GetByTestId("standing-Grace")).ToContainTextAsync("19 clean, 1 slightly noisy, 0 noisy");
        await Expect(page.GetByTestId("standing-Grace")).ToContainTextAsync("passed");
        var csv = await page.APIRequest.GetAsync("/api/audits/1/export?format=csv");
        Assert.Equal(21, (await csv.TextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await page.Context.CloseAsync();
    }

    private async Task ReplayADeadLetterAsync()
    {
        var page = await dashboard.OpenAsync("/system");
        var letters = page.Locator("[data-testid^=dead-letter-v]");
        await Expect(letters).ToHaveCountAsync(2);
        await page.Locator("[data-testid^=dead-letter-replay-]").First.ClickAsync();
        await Expect(page.GetByTestId("replayed")).ToContainTextAsync("1 item is tried again");

        // It fails again, and says so.
        await Expect(letters).ToHaveCountAsync(2, new() { Timeout = LongMilliseconds });
        await page.Context.CloseAsync();
    }

    private async Task LookAtEveryPageOnAPhoneAsync()
    {
        var page = await dashboard.OpenAsync("/", 390, 844);
        foreach (var path in new[] { "/", "/funnel", "/jobs", "/clips", "/audit", "/audit/1", "/training", "/generation", "/system" })
        {
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{path} is wider than a phone");
        }

        await page.Context.CloseAsync();
    }

    /// <summary>As many as the same channel gave in the demo.</summary>
    private string Accepted() => demo.Demo.OfType("result").Last().GetProperty("funnel").GetProperty("accepted").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
}

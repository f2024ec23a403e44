using System.Diagnostics;
using System.Text.Json;
using MedGenCluster.EndToEnd.Dashboard;
using static Microsoft.Playwright.Assertions;

namespace MedGenCluster.EndToEnd.TextToVideo;

/// <summary>The pages of training and generation, in a browser, against a host with a stand-in for the trainer.</summary>
public sealed class TextToVideoPagesTests(TextToVideoPagesTests.Fixture dashboard) : IClassFixture<TextToVideoPagesTests.Fixture>
{
    [ChromiumFact]
    public async Task Prompts_written_in_place_become_videos_of_two_models_side_by_side()
    {
        var page = await dashboard.OpenAsync("/generation");
        await page.GetByTestId("generation-prompts").FillAsync("a heart beats\na knee bends");
        await page.GetByTestId("generation-models").FillAsync(dashboard.Trainer.Dataset);
        await page.GetByTestId("generation-submit").ClickAsync();
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("is no model");

        await page.GetByTestId("generation-models").FillAsync(dashboard.Trainer.Model + "\n" + dashboard.Trainer.OtherModel());
        await page.GetByTestId("generation-submit").ClickAsync();

        await Expect(page.GetByTestId("generation-done")).ToHaveTextAsync("4 of 4");
        var prompt = page.GetByTestId("prompt-1");
        await Expect(prompt).ToContainTextAsync("a knee bends");
        await Expect(prompt.Locator("figcaption b")).ToHaveTextAsync(["model", "other"]);
        await Expect(prompt.Locator("video")).ToHaveCountAsync(2);
        Assert.True(await prompt.Locator("video").First.EvaluateAsync<bool>("async video => { if (video.readyState < 1) await new Promise(done => video.onloadedmetadata = done); return video.videoWidth > 0; }"));
        await page.Context.CloseAsync();
        Assert.Empty(dashboard.Complaints);
    }

    [ChromiumFact]
    public async Task A_training_shows_its_loss_its_clips_and_where_it_comes_from()
    {
        using var client = new HttpClient { BaseAddress = new Uri(dashboard.Address) };
        var request = JsonSerializer.Serialize(new { dataset = dashboard.Trainer.Dataset, options = new { max_train_steps = "20", validation_steps = "10" }, validationPrompts = "a heart" });
        (await client.PostAsync("/api/trainings", new StringContent(request, System.Text.Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();

        var page = await dashboard.OpenAsync("/training");
        await page.GetByTestId("training-row-1").GetByRole(Microsoft.Playwright.AriaRole.Link).ClickAsync();

        await Expect(page.GetByTestId("training-step")).ToHaveTextAsync("20 of 20");
        await Expect(page.GetByTestId("training-loss").Locator("canvas")).ToBeVisibleAsync();
        await Expect(page.Locator(".generated video")).ToHaveCountAsync(2);
        await Expect(page.Locator("main")).ToContainTextAsync("stand-in 1");
        await Expect(page.Locator("main")).ToContainTextAsync("--max_train_steps 20");
        await Expect(page.Locator("main")).ToContainTextAsync("3 clips, 1 left out");
        await page.Context.CloseAsync();
        Assert.Empty(dashboard.Complaints);
    }

    public sealed class Fixture : DashboardFixture
    {
        private readonly string _film = Path.Combine(Directory.CreateTempSubdirectory("medgen-film-").FullName, "film.mp4");
        private TrainerFolder? _trainer;

        internal TrainerFolder Trainer => _trainer ??= new TrainerFolder(new { serve = new { film = Film() }, train = new { film = Film() } });

        public string Address => Host.Address;

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            _trainer?.Dispose();
            Directory.Delete(Path.GetDirectoryName(_film)!, recursive: true);
        }

        protected override IReadOnlyList<string> HostArguments() => ["--trainer", Trainer.Trainer];

        private string Film()
        {
            if (!File.Exists(_film))
            {
                using var ffmpeg = Process.Start("ffmpeg", ["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=8:duration=1", "-pix_fmt", "yuv420p", _film]);
                ffmpeg.WaitForExit();
            }

            return _film;
        }
    }
}

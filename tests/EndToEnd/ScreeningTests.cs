using System.Text;

namespace MedGenCluster.EndToEnd;

/// <summary>Screens files of candidates as a user would, and crawls what survives.</summary>
public sealed class ScreeningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-screen-").FullName;

    private string Candidates => Path.Combine(_folder, "candidates.ndjson");

    private string Results => Path.Combine(_folder, "screened");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Survivors_and_channels_are_found_and_the_same_command_again_changes_nothing()
    {
        await WriteAsync(
            Row("1", "Laparoscopic cholecystectomy, step by step", "videos"), Row("2", "Cats at play", "videos"),
            Row("3", "Chest X-ray: pneumothorax", "https://www.youtube.com/@radiology"), Row("4", "Heart of gold, live", "https://www.youtube.com/@songs"));

        var run = await ScreenAsync("--json", "--label-column", "label");

        var report = run.Succeeds().OfType("screening").Single().GetProperty("report");
        Assert.Equal((4, 2), (report.GetProperty("rows").GetInt64(), report.GetProperty("survivors").GetInt64()));
        Assert.Equal(1.0, report.GetProperty("labels").GetProperty("both").GetProperty("recall").GetDouble());
        Assert.Equal(
            ["https://www.youtube.com/@radiology", Path.Combine(_folder, "videos")],
            File.ReadLines(Path.Combine(Results, "channels.ndjson")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("source_location").GetString()));
        var survivors = await File.ReadAllBytesAsync(Path.Combine(Results, "survivors.ndjson"));
        var again = (await ScreenAsync("--json", "--label-column", "label")).Succeeds().OfType("screening").Single();
        Assert.True(again.GetProperty("wasDone").GetBoolean());
        Assert.Equal(survivors, await File.ReadAllBytesAsync(Path.Combine(Results, "survivors.ndjson")));
    }

    [Fact]
    public async Task Exit_codes_tell_bad_rows_bad_options_and_missing_files_apart()
    {
        Assert.Equal(3, (await ScreenAsync()).ExitCode);
        await WriteAsync(Row("1", "Laparoscopic cholecystectomy", "videos"), "{\"id\":");

        var strict = await ScreenAsync("--strict");
        Assert.Equal(3, strict.ExitCode);
        Assert.Contains($"{Candidates}:2: ", strict.Error);
        var lenient = await ScreenAsync();
        Assert.True(lenient.ExitCode == 4, lenient.Error);
        Assert.Contains("malformed-json: 1", lenient.Output);
        Assert.Equal(2, (await ScreenAsync("--min-probability", "2")).ExitCode);
        var changed = await ScreenAsync("--label-column", "label");
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains("--restart", changed.Error);
        Assert.Equal(4, (await ScreenAsync("--label-column", "label", "--restart")).ExitCode);
    }

    [Fact]
    public async Task The_channels_of_a_screening_become_jobs_once_however_often_they_are_submitted()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "videos"));
        await WriteAsync(
            Row("1", "Laparoscopic cholecystectomy", "videos"),
            """{"id":"2","title":"Knee arthroscopy","channel_id":"c","path":"other/2.mp4","license":"CC BY"}""");
        (await ScreenAsync()).Succeeds();

        for (var i = 0; i < 2; i++)
        {
            (await Medgen.RunAsync("crawl", "--from-screening", Results, "--data", Data, "--detach")).Succeeds();
        }

        var jobs = (await Medgen.RunAsync("jobs", "--data", Data, "--json")).Succeeds().Json;
        Assert.Equal(["folder", "manifest"], jobs.Select(job => job.GetProperty("source").GetProperty("kind").GetString()).Order());
        Assert.Equal(2, (await Medgen.RunAsync("crawl", "a", "--from-screening", Results, "--data", Data)).ExitCode);
        Assert.Equal(3, (await Medgen.RunAsync("crawl", "--from-screening", _folder, "--data", Data)).ExitCode);
    }

    private static string Row(string id, string title, string channelUrl) =>
        $$"""{"id":"{{id}}","title":"{{title}}","channel_url":"{{channelUrl}}","label":{{(title.Contains("Cats") || title.Contains("gold") ? "false" : "true")}}}""";

    private Task WriteAsync(params string[] rows) => File.WriteAllTextAsync(Candidates, string.Join('\n', rows), new UTF8Encoding(false));

    private Task<MedgenRun> ScreenAsync(params string[] more) => Medgen.RunAsync(["screen", Candidates, "--out", Results, "--no-classifier", .. more]);
}

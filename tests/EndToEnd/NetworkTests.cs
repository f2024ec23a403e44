using System.Diagnostics;
using System.Text.Json;
using MedGenCluster.StandIn;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.EndToEnd;

/// <summary>Crawls over a network that is not always kind.</summary>
public sealed class NetworkTests : IAsyncLifetime
{
    private static readonly string[] Loopback = ["--config", "addresses.allowLoopback=true", "--config", "network.initialRate=10"];

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-network-").FullName;
    private StandInServer _server = null!;
    private byte[] _video = null!;

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        _server = await StandInServer.StartAsync();
        var file = Path.Combine(_folder, "video.mp4");
        using var ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=10:duration=7", "-pix_fmt", "yuv420p", file]);
        await ffmpeg.WaitForExitAsync();
        _video = await File.ReadAllBytesAsync(file);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_wave_of_refusals_of_half_a_minute_costs_no_item_an_attempt_and_work_goes_on_within_ten_seconds()
    {
        const int Videos = 12;
        var list = await ManifestAsync(Enumerable.Range(0, Videos).Select(i => new { id = $"v{i}", url = _server.Add($"/videos/{i}.mp4", _video).AbsoluteUri, title = $"video {i}" }));
        _server.Troubles.Everywhere(Trouble.Forbidden);
        using var process = Medgen.Start(["crawl", list, "--data", Data, "--json", .. Loopback]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();

        // The wave is real time: that is what is promised.
        await Task.Delay(TimeSpan.FromSeconds(30));
        Assert.False(process.HasExited);
        var refused = _server.Log.All.Count;
        var recovered = DateTimeOffset.UtcNow;
        _server.Troubles.Clear();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await error + await output);
        Assert.Contains("refuse", await output);
        Assert.InRange(refused, 5, 200);
        Assert.InRange(_server.Log.All.First(request => request.Status == 200).At - recovered, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(Videos, Count("SELECT COUNT(*) FROM decision WHERE stage = 2 AND verdict = 1"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM decision WHERE verdict = 3"));
    }

    [Fact]
    public async Task Creative_commons_alone_means_that_nothing_else_is_asked_for()
    {
        var list = await ManifestAsync(
        [
            new { id = "a", url = _server.Add("/a.mp4", _video).AbsoluteUri, license = (string?)"CC BY 4.0" },
            new { id = "b", url = _server.Add("/b.mp4", _video).AbsoluteUri, license = (string?)"All rights reserved" },
            new { id = "c", url = _server.Add("/c.mp4", _video).AbsoluteUri, license = (string?)null },
        ]);

        (await Medgen.RunAsync(["crawl", list, "--data", Data, "--only-license", "cc", .. Loopback])).Succeeds();

        Assert.All(_server.Log.All, request => Assert.Equal("/a.mp4", request.Path));
        Assert.Equal(2, Count("SELECT COUNT(*) FROM decision WHERE verdict = 2 AND reason = 'licence'"));
        Assert.Equal(1, Count("SELECT COUNT(*) FROM measurement WHERE stage = 2 AND data LIKE '%retrievedAt%'"));
    }

    [Fact]
    public async Task Addresses_of_this_machine_are_refused_unless_they_are_allowed()
    {
        var url = _server.Add("/a.mp4", _video).AbsoluteUri;

        var run = await Medgen.RunAsync("crawl", url, "--data", Data);

        Assert.Empty(_server.Log.All);
        Assert.Equal(1, Count("SELECT COUNT(*) FROM item WHERE outcome IN (4, 5)"));
        Assert.InRange(run.ExitCode, 0, 4);
    }

    [Fact]
    public async Task A_configuration_that_does_not_exist_is_named_with_those_that_do()
    {
        var run = await Medgen.RunAsync("crawl", _folder, "--data", Data, "--config", "network.speed=9");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("network.speed", run.Error);
        Assert.Contains("network.maxRate", run.Error);
    }

    [Fact]
    public async Task A_crawl_that_is_killed_while_it_downloads_goes_on_where_the_file_ended()
    {
        var url = _server.Add("/big.mp4", _video);
        _server.Troubles.At("/big.mp4", new Trouble.Stall(_video.Length / 2), times: 1);
        using (var process = Medgen.Start(["crawl", url.AbsoluteUri, "--data", Data, .. Loopback]))
        {
            var partial = Path.Combine(Data, "downloads");
            while (!Directory.Exists(partial) || !Directory.EnumerateFiles(partial, "*", SearchOption.AllDirectories).Any(HasHalf))
            {
                Assert.False(process.HasExited);
                await Task.Yield();
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        (await Medgen.RunAsync(["crawl", url.AbsoluteUri, "--data", Data, .. Loopback])).Succeeds();

        Assert.Equal($"bytes={_video.Length / 2}-", _server.Log.All[^1].Range);
        Assert.Equal(1, Count("SELECT COUNT(*) FROM decision WHERE stage = 2 AND verdict = 1"));
    }

    // Files beside the part come and go.
    private bool HasHalf(string file) => new FileInfo(file) is { Exists: true } info && info.Length >= _video.Length / 2;

    private async Task<string> ManifestAsync<T>(IEnumerable<T> rows)
    {
        var file = Path.Combine(_folder, "list.ndjson");
        await File.WriteAllLinesAsync(file, rows.Select(row => JsonSerializer.Serialize(row)));
        return file;
    }

    private long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}

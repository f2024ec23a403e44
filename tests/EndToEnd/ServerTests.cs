using System.Diagnostics;
using System.Text.Json;

namespace MedGenCluster.EndToEnd;

/// <summary>The same commands on a data directory and against a host that works on it.</summary>
[Collection(DemoCollection.Name)]
public sealed class ServerTests(DemoFixture demo) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-server-").FullName;
    private Process? _host;
    private string _address = "";

    private string Data => Path.Combine(_folder, "data");

    private string Token => Path.Combine(_folder, "token");

    public async Task InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(demo.Data, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Data, Path.GetRelativePath(demo.Data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(Token, "a token of this test alone".Replace(' ', '-'));
        _host = Medgen.Start("up", "--data", Data, "--listen", "http://127.0.0.1:0", "--token-file", Token, "--json");
        _ = _host.StandardError.ReadToEndAsync();
        while (await _host.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JsonDocument.Parse(line).RootElement is var value && value.TryGetProperty("type", out var type) && type.GetString() == "listening")
            {
                _address = value.GetProperty("address").GetString()!;
                break;
            }
        }

        _ = _host.StandardOutput.ReadToEndAsync();
        Assert.NotEmpty(_address);
    }

    public async Task DisposeAsync()
    {
        _host!.Kill(entireProcessTree: true);
        await _host.WaitForExitAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("clips", "--limit", "1000")]
    [InlineData("clips", "--videos")]
    [InlineData("clips", "--outcome", "rejected", "--limit", "7")]
    [InlineData("retry")]
    [InlineData("audit", "list")]
    [InlineData("models", "list")]
    public async Task A_command_prints_the_same_here_and_against_a_host(params string[] command)
    {
        var here = (await Medgen.RunAsync([.. command, "--data", Data, "--json"])).Succeeds();
        Assert.Equal(here.Output, (await ThereAsync([.. command, "--json"])).Succeeds().Output);
    }

    [Fact]
    public async Task A_clip_shows_the_same_trail_here_and_against_a_host()
    {
        var id = (await ThereAsync("clips", "--limit", "1", "--json")).Succeeds().Json.Single().GetProperty("id").GetString()!;
        var here = (await Medgen.RunAsync("clips", id, "--data", Data, "--json")).Succeeds();
        Assert.Equal(here.Output, (await ThereAsync("clips", id, "--json")).Succeeds().Output);
    }

    [Fact]
    public async Task An_export_that_the_host_writes_is_the_one_of_its_data_byte_for_byte()
    {
        var dataset = Path.Combine(_folder, "dataset");
        (await ThereAsync("export", dataset, "--name", "medgen-demo")).Succeeds();
        Assert.Equal(demo.Manifest, await File.ReadAllBytesAsync(Path.Combine(dataset, "metadata.jsonl")));
        Assert.Equal(3, (await ThereAsync("export", dataset, "--name", "medgen-demo")).ExitCode);
    }

    [Fact]
    public async Task A_crawl_that_is_submitted_to_a_host_is_worked_on_there()
    {
        var channel = Directory.CreateDirectory(Path.Combine(_folder, "channel")).FullName;
        var video = Path.GetFileNameWithoutExtension(Directory.GetFiles(demo.Channel, "*.mp4").Order(StringComparer.Ordinal).First());
        foreach (var file in Directory.GetFiles(demo.Channel, video + ".*"))
        {
            File.Copy(file, Path.Combine(channel, Path.GetFileName(file)));
        }

        var crawl = await ThereAsync("crawl", channel, "--json");
        var job = crawl.OfType("submitted").Single().GetProperty("job").GetInt64();
        var ended = crawl.OfType("result").Single().GetProperty("jobs").EnumerateArray().Single();
        Assert.Equal((job, "completed"), (ended.GetProperty("id").GetInt64(), ended.GetProperty("state").GetString()));
        Assert.True(ended.GetProperty("found").GetInt64() > 0);
    }

    [Fact]
    public async Task A_wrong_token_is_named_and_not_shown()
    {
        var wrong = Path.Combine(_folder, "wrong");
        await File.WriteAllTextAsync(wrong, "some-other-secret-of-nobody");
        var run = await Medgen.RunAsync("jobs", "--server", _address, "--token-file", wrong);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("refuses the token in " + wrong, run.Error);
        Assert.DoesNotContain("some-other-secret", run.Error + run.Output);
    }

    private Task<MedgenRun> ThereAsync(params string[] command) => Medgen.RunAsync([.. command, "--server", _address, "--token-file", Token]);
}

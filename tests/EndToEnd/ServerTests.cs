using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.EndToEnd;

/// <summary>The same commands on a data directory and against a host that works on it.</summary>
[Collection(DemoCollection.Name)]
public sealed class ServerTests(DemoFixture demo) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-server-").FullName;
    private HostProcess? _host;

    private string Data => Path.Combine(_folder, "data");

    private string Token => Path.Combine(_folder, "token");

    public async Task InitializeAsync()
    {
        demo.CopyData(Data);
        await File.WriteAllTextAsync(Token, "a token of this test alone".Replace(' ', '-'));
        _host = await HostProcess.StartAsync("--data", Data, "--token-file", Token);
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
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

        // Under a name that the host does not know.
        var facts = Path.Combine(channel, video + ".info.json");
        var known = JsonNode.Parse(await File.ReadAllTextAsync(facts))!;
        known["id"] = "NeverSeenYet";
        await File.WriteAllTextAsync(facts, known.ToJsonString());

        var crawl = await ThereAsync("crawl", channel, "--json");
        var job = crawl.OfType("submitted").Single().GetProperty("job").GetInt64();
        var ended = crawl.OfType("result").Single().GetProperty("jobs").EnumerateArray().Single();
        Assert.Equal((job, "completed"), (ended.GetProperty("id").GetInt64(), ended.GetProperty("state").GetString()));
        Assert.Equal(1, ended.GetProperty("found").GetInt64());
    }

    [Fact]
    public async Task A_host_that_is_stopped_in_the_middle_gives_back_its_leases_and_ends_well()
    {
        await using var ledger = new SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Mode=ReadOnly;Pooling=False");
        await ledger.OpenAsync();
        // Shorter clips than those that are there: all of them are to be cut.
        var before = await CountAsync(ledger, "SELECT COUNT(*) FROM decision");
        (await Medgen.RunAsync("redecide", "--server", _host!.Address, "--token-file", Token, "--set", "segment.maxSeconds=7")).Succeeds();
        while (await CountAsync(ledger, "SELECT COUNT(*) FROM decision") < before + 20)
        {
            await Task.Delay(100);
        }

        var (code, errors) = await _host.StopAsync();

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(0, await CountAsync(ledger, "SELECT COUNT(*) FROM item WHERE lease_owner IS NOT NULL"));
        Assert.True(await CountAsync(ledger, "SELECT COUNT(*) FROM item WHERE outcome = 0") > 0, "the work was done before the host was stopped");
    }

    [Fact]
    public async Task A_wrong_token_is_named_and_not_shown()
    {
        var wrong = Path.Combine(_folder, "wrong");
        await File.WriteAllTextAsync(wrong, "some-other-secret-of-nobody");
        var run = await Medgen.RunAsync("jobs", "--server", _host!.Address, "--token-file", wrong);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("refuses the token in " + wrong, run.Error);
        Assert.DoesNotContain("some-other-secret", run.Error + run.Output);
    }

    private static async Task<long> CountAsync(SqliteConnection ledger, string sql)
    {
        await using var command = ledger.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task<MedgenRun> ThereAsync(params string[] command) => Medgen.RunAsync([.. command, "--server", _host!.Address, "--token-file", Token]);
}

using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>What a ledger does with the file that it is given.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_absent_file_becomes_an_empty_ledger()
    {
        await using (var ledger = Open())
        {
            Assert.Empty(await ledger.JobsAsync());
            Assert.Empty(ledger.Tallies);
            Assert.Empty(ledger.Items(new ItemQuery()));
            Assert.Null(await ledger.FindAsync("v0"));
        }

        Assert.Equal(["decision", "item", "job", "known", "measurement", "schema_version", "skipped", "tally"], Tables());
    }

    [Fact]
    public async Task A_ledger_opens_again_with_all_it_holds()
    {
        await using var bench = LedgerBench.OnDisk();
        var job = await bench.JobAsync(videos: 3);
        await bench.SegmentAsync(job.Id, clips: 2);
        var tallies = bench.Ledger.Tallies;

        await bench.ReopenAsync();

        Assert.Equal(tallies, bench.Ledger.Tallies);
        Assert.Equal(6, (await bench.LeaseAsync(StageId.Cut, job.Id)).Count);
        var stored = Assert.Single(await bench.Ledger.JobsAsync());
        Assert.Equal(job with { Found = 3 }, stored);
    }

    [Fact]
    public async Task A_ledger_of_the_first_schema_is_brought_up_to_date()
    {
        await Open().DisposeAsync();
        Execute("DROP TABLE known; DROP INDEX skipped_position; DELETE FROM schema_version WHERE version > 1; DROP INDEX item_settled; DROP INDEX item_ended; CREATE INDEX item_ended ON item(outcome, kind, job, seq) WHERE outcome <> 0");

        await Open().DisposeAsync();

        Assert.Contains("known", Tables());
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_is_refused_and_left_alone()
    {
        await Open().DisposeAsync();
        Execute("INSERT INTO schema_version(version) VALUES (9999)");

        var refusal = Assert.Throws<LedgerException>(Open);

        Assert.Contains("newer MedGenCluster (schema 9999", refusal.Message);
        Assert.Contains("--data", refusal.Message);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        File.WriteAllText(_folder["ledger.db"], string.Join('\n', Enumerable.Repeat("this is a text file about ledgers", 100)));

        var refusal = Assert.Throws<LedgerException>(Open);

        Assert.Contains(_folder["ledger.db"], refusal.Message);
        Assert.Contains("--data", refusal.Message);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        Execute("CREATE TABLE bookmarks(url TEXT)");

        var refusal = Assert.Throws<LedgerException>(Open);

        Assert.Contains("another program", refusal.Message);
        Assert.Equal(["bookmarks"], Tables());
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var refusal = Assert.Throws<LedgerException>(() => SqliteLedger.Open(_folder["absent/ledger.db"], TimeProvider.System, NullLogger.Instance));

        Assert.Contains(_folder["absent/ledger.db"], refusal.Message);
    }

    [Fact]
    public async Task Many_that_create_the_same_ledger_at_once_all_succeed()
    {
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Open))).Soon();

        foreach (var ledger in ledgers)
        {
            await ledger.DisposeAsync();
        }
    }

    private SqliteLedger Open() => SqliteLedger.Open(_folder["ledger.db"], TimeProvider.System, NullLogger.Instance);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private List<string> Tables()
    {
        using var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False");
        connection.Open();
        return connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").ToList();
    }
}

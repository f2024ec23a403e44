using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Ledger.Sqlite;
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

        Assert.Equal(
            [
                "audit", "audit_mark", "audit_sample", "caption_edit", "caption_search", "decision", "generation", "generation_item", "generation_prompt", "item", "job", "known", "measurement",
                "schema_version", "skipped", "tally", "throughput", "training", "training_checkpoint", "training_clip", "training_step",
            ],
            Tables().Where(table => !table.StartsWith("caption_search_", StringComparison.Ordinal)));
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_ledger_of_an_older_schema_is_brought_up_to_date_with_what_it_measured(int schema)
    {
        using (var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False"))
        {
            connection.Open();
            SqliteMigrations.Apply(connection, schema);
        }

        Execute(
            """
            INSERT INTO job(id, name, source, options, state, listed, found, known, skipped, created_at) VALUES (1, 'old', '{"kind":"folder","location":"/v"}', '{}', 2, 1, 1, 0, 0, 0);
            INSERT INTO item(seq, id, kind, job, parent, outcome, stage, attempts, due_at, facts, open_children) VALUES (7, 'v0000000000000001-0000000-0006000', 2, 1, 1, 2, 16, 0, 0, '{}', 0);
            INSERT INTO measurement(item, stage, stage_version, model_version, scores, data, at) VALUES
                (7, 11, 1, '', '{"refused":0}', '{"brief":"A beating heart.","detailed":"Ultrasound of the mitral valve.","category":"imaging"}', 0),
                (7, 12, 1, '', '{"top":0,"bottom":3.5,"left":1,"right":0}', NULL, 0),
                (7, 13, 1, '', '{"words":4}', NULL, 0),
                (7, 14, 1, '', '{"score":5.25}', NULL, 0),
                (7, 15, 1, '', '{"overallAsShipped":0.75,"overallCorrected":0.5}', NULL, 0);
            """);

        await using var ledger = Open();
        var clips = new List<ClipRow>();
        await ledger.ReadClipsAsync(null, clips.Add);

        Assert.Equal(new ClipFeatures(0b1111_1000_0000_0000, 4, false, 3.5, 4, 5.25, 0.75, 0.5), Assert.Single(clips).Features);
        Assert.Equal([7L], ledger.SearchCaptions("mitral beat"));
        Assert.Empty(ledger.SearchCaptions("liver"));
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

using Dapper;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Services;
using MedGenCluster.Engine.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>What a ledger does with the database that it is given.</summary>
public sealed class PostgresOpeningTests
{
    [PostgresFact]
    public async Task Silos_that_start_together_on_an_empty_database_all_have_the_same_ledger()
    {
        await using var database = await PostgresBench.CreateAsync();

        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(database.Open))).Soon();

        var job = await ledgers[0].CreateJobAsync("job", new("test", "/videos"), new());
        foreach (var ledger in ledgers)
        {
            Assert.Equal(job, Assert.Single(await ledger.JobsAsync()));
            await ledger.DisposeAsync();
        }

        using var connection = database.Connect();
        Assert.Equal([1L, 2L], connection.Query<long>("SELECT version FROM schema_version ORDER BY version"));
        Assert.Equal(ledgers.Length, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM writer"));
    }

    [PostgresFact]
    public async Task What_else_the_database_holds_is_left_alone()
    {
        await using var database = await PostgresBench.CreateAsync();
        database.Execute("CREATE TABLE public.item(note TEXT); INSERT INTO public.item VALUES ('mine')");

        await using var ledger = database.Open();

        Assert.Empty(ledger.Items(new ItemQuery()));
        using var connection = database.Connect();
        Assert.Equal("mine", connection.ExecuteScalar<string>("SELECT note FROM public.item"));
    }

    [PostgresFact]
    public async Task A_ledger_of_a_newer_program_is_refused_and_left_alone()
    {
        await using var database = await PostgresBench.CreateAsync();
        await database.Open().DisposeAsync();
        database.Execute("INSERT INTO schema_version(version) VALUES (9999)");

        Assert.Contains("newer MedGenCluster (schema 9999", Assert.Throws<LedgerException>(database.Open).Message);
    }

    [PostgresFact]
    public async Task A_schema_of_another_program_is_refused_and_left_alone()
    {
        await using var database = await PostgresBench.CreateAsync();
        database.Execute("CREATE SCHEMA medgen_ledger; CREATE TABLE medgen_ledger.bookmarks(url TEXT)");

        Assert.Contains("another program", Assert.Throws<LedgerException>(database.Open).Message);
        using var connection = database.Connect();
        Assert.Equal(["bookmarks"], connection.Query<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'medgen_ledger'"));
    }

    [PostgresFact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        await using var database = await PostgresBench.CreateAsync();
        database.Execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var latin = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "latin" }.ConnectionString;

        Assert.Contains("UTF8", Assert.Throws<LedgerException>(() => PostgresLedger.Open(latin, TimeProvider.System, NullLogger.Instance)).Message);
    }

    [PostgresFact]
    public async Task A_user_without_rights_is_told_so_and_no_password_is_shown()
    {
        await using var database = await PostgresBench.CreateAsync();
        database.Execute("CREATE ROLE visitor LOGIN");
        var visitor = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "visitor", Password = "hush-hush" }.ConnectionString;

        var message = Assert.Throws<LedgerException>(() => PostgresLedger.Open(visitor, TimeProvider.System, NullLogger.Instance)).Message;

        Assert.Contains("user visitor", message);
        Assert.Contains("permission denied", message);
        Assert.DoesNotContain("hush", message);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=medgen;Username=me;Password=hush-hush;Timeout=5", "127.0.0.1, port 1")]
    [InlineData("Server of mine", "cannot be read")]
    [InlineData("Hots=db;Database=medgen", "cannot be read")]
    [InlineData("Database=medgen", "names no host")]
    public void A_connection_string_that_leads_nowhere_is_explained(string connectionString, string explanation)
    {
        var message = Assert.Throws<LedgerException>(() => PostgresLedger.Open(connectionString, TimeProvider.System, NullLogger.Instance)).Message;

        Assert.Contains(explanation, message);
        Assert.DoesNotContain("hush", message);
    }
}

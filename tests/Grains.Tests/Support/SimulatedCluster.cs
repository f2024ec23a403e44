using MedGenCluster.ClusterProbe;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Grains.Hosting.Postgres;
using MedGenCluster.Grains.Tests.Upgrade;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A cluster of <c>tests/Simulation</c>'s silos in processes of their own, on a database of its own, with the plan submitted as its only job; and who watches it from outside.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private static int _databases;

    private readonly string _folder;
    private readonly string _database;
    private readonly ClusterSettings _settings;
    private readonly List<ProbeProcess> _silos = [];

    private SimulatedCluster(string folder, ClusterSettings settings, SimulationPlan plan, ILedger ledger) =>
        (_folder, _database, _settings, Plan, Ledger) = (folder, settings.Postgres!, settings, plan, ledger);

    public SimulationPlan Plan { get; }

    /// <summary>The watcher's own view of the cluster's ledger.</summary>
    public ILedger Ledger { get; }

    public string Diaries => Plan.Diaries!;

    /// <param name="plan">Its switches and diaries are kept in the cluster's folder.</param>
    /// <param name="azure">Of an account: where the media lie, and the clustering where it says so. Null for PostgreSQL and media in each silo's folder.</param>
    public static async Task<SimulatedCluster> CreateAsync(PostgresServer server, SimulationPlan plan, ClusterSettings? azure = null)
    {
        var folder = Directory.CreateTempSubdirectory("medgen-cluster-").FullName;
        var database = await server.CreateDatabaseAsync($"cluster{Interlocked.Increment(ref _databases)}");
        await OrleansSchema.ApplyAsync(database, CancellationToken.None);
        plan = plan with { Switches = Directory.CreateDirectory(Path.Combine(folder, "switches")).FullName, Diaries = Directory.CreateDirectory(Path.Combine(folder, "diaries")).FullName };
        plan.Write(Path.Combine(folder, "plan.json"));
        var ledger = await PostgresLedger.OpenAsync(database, TimeProvider.System, NullLogger.Instance);
        await SimulatedSilo.SubmitAsync(ledger);
        var settings = (azure ?? new ClusterSettings { Clustering = ClusteringBackend.Postgres }) with { Postgres = database };
        return new SimulatedCluster(folder, settings, plan, ledger);
    }

    /// <summary>Starts a silo.</summary>
    /// <param name="role"><c>cpu</c>, <c>gpu</c> or <c>all</c>.</param>
    public ProbeProcess Start(string name, string role, params (string Option, string Value)[] options) => Start(typeof(SimulationPlan).Assembly.Location, name, role, options);

    /// <summary>Starts a silo of the version after this one.</summary>
    public ProbeProcess StartLater(string name, string role) => Start(LaterVersion.Program, name, role, []);

    private ProbeProcess Start(string program, string name, string role, (string Option, string Value)[] options)
    {
        (string, string)[] media = _settings.MediaContainer is { } container ? [("media-container", container)] : [];
        var silo = ProbeProcess.Start(
            name, program, [Path.Combine(_folder, "plan.json"), Path.Combine(_folder, "data-" + name)],
            [("role", role), ("clustering", _settings.Clustering == ClusteringBackend.AzureStorage ? "azure" : "postgres"), ("drain-seconds", "5"), ("silo-port", $"{FreePort.Next()}"), ("gateway-port", $"{FreePort.Next()}"), .. options, .. Memory(options), .. media],
            [("MEDGEN_POSTGRES", _database), ("MEDGEN_AZURE_STORAGE", _settings.AzureStorage ?? ""), ("SIMULATION_LOG", Path.Combine(_folder, name + ".log"))]);
        _silos.Add(silo);
        return silo;
    }

    private static (string Option, string Value)[] Memory((string Option, string Value)[] options) => Array.Exists(options, option => option.Option == "gpu-memory") ? [] : [("gpu-memory", "1GiB")];

    /// <summary>A silo with all roles in this process, for its engine to be asked.</summary>
    public SimulatedSilo Join(string name) => SimulatedSilo.Create(
        Plan,
        new ClusterSettings { Clustering = ClusteringBackend.Postgres, Postgres = _database, SiloName = name, SiloPort = FreePort.Next(), GatewayPort = FreePort.Next(), GpuMemory = 1L << 30 },
        new EngineOptions { Lease = TimeSpan.FromSeconds(30) }, Path.Combine(_folder, "data-" + name), new FileLogs(Path.Combine(_folder, name + ".log")), TimeProvider.System);

    /// <summary>The cluster's media as a machine sees them that has no copy of any.</summary>
    public IMediaStore OpenMedia() => MediaStores.Open(_settings, DataDirectory.Open(Path.Combine(_folder, "data-watcher"), "watcher"), TimeProvider.System);

    /// <summary>Makes the lanes of a silo hang from their next batch on.</summary>
    public void Hang(string silo) => File.WriteAllText(Path.Combine(Plan.Switches!, "hang-" + silo), "");

    /// <summary>What is begun from now on takes no time: the rest of a job that was made long enough for any machine.</summary>
    public void Hurry() => File.WriteAllText(Path.Combine(Plan.Switches!, "hurry"), "");

    /// <summary>What a silo has begun so far.</summary>
    public int Begun(string silo) => File.Exists(Path.Combine(Diaries, silo)) ? File.ReadLines(Path.Combine(Diaries, silo)).Count() : 0;

    public async Task<JobRow> JobAsync() => (await Ledger.JobsAsync()).Single();

    /// <summary>Waits until the job has ended.</summary>
    public async Task EndedAsync(TimeSpan limit) => await Eventually.TrueAsync(async () => (await JobAsync()).State != JobState.Running, limit, DescribeAsync);

    /// <summary>Waits for what holds some day.</summary>
    public Task UntilAsync(Func<bool> holds, TimeSpan limit) => Eventually.TrueAsync(() => Task.FromResult(holds()), limit, DescribeAsync);

    /// <summary>Waits for the end of the job, and holds the ledger against the plan.</summary>
    public async Task EndsAsPlannedAsync(TimeSpan limit)
    {
        await EndedAsync(limit);
        await Ledger.RefreshAsync();
        var job = await JobAsync();
        Assert.True(job.State == JobState.Completed, $"The job is {job.State}: {job.Error} {await DescribeAsync()}");
        var wrong = LedgerCheck.Of(Ledger, Plan);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM medgen_ledger.item WHERE lease_owner IS NOT NULL"));
        Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM medgen_ledger.item WHERE open_children <> 0"));
    }

    public async Task<long> CountAsync(string query)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private DateTime LastBegun(string silo) => File.GetLastWriteTimeUtc(Path.Combine(Diaries, silo));

    /// <summary>Who holds how much of what is open, and for how many seconds still (or when it is due).</summary>
    private async Task<string> LeasesAsync()
    {
        const string Query = """
            SELECT string_agg(format('%s holds %s of kind %s in stage %s, due in %s s', owner, items, kind, stage, due), E'\n') FROM
            (SELECT COALESCE(lease_owner, 'nobody') AS owner, kind, stage, COUNT(*) AS items, MIN(due_at) / 1000 - EXTRACT(EPOCH FROM now())::bigint AS due
             FROM medgen_ledger.item WHERE outcome = 0 GROUP BY lease_owner, kind, stage) AS held
            """;
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Query, connection);
        return $"{await command.ExecuteScalarAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await Ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What is open, and the ends of the silos' logs: for whoever looks into a failed run.</summary>
    private async Task<string> DescribeAsync()
    {
        await Ledger.RefreshAsync();
        var open = Ledger.Tallies.Where(tally => tally.Outcome is Outcome.Active or Outcome.AwaitingClips && tally.Count > 0).Select(tally => $"{tally.Kind} {tally.Outcome} {tally.Stage}: {tally.Count}");
        var logs = Directory.EnumerateFiles(_folder, "*.log").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path) + "\n" + string.Join('\n', File.ReadLines(path).TakeLast(12)));
        var job = await JobAsync();
        return $"{DateTime.UtcNow:HH:mm:ss} the job is {job.State}, listed: {job.Listed}; open: {string.Join(", ", open)}\n{await LeasesAsync()}\n{string.Join('\n', _silos.Select(silo => $"{silo.Name}: {Begun(silo.Name)} begun, the last at {LastBegun(silo.Name):HH:mm:ss}; {silo.Lines.LastOrDefault()?.Text}"))}\n{string.Join('\n', logs)}";
    }
}

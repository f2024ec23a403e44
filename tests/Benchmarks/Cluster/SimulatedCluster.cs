using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.Cluster;

/// <param name="Began">A stage began on an item; else it ended.</param>
internal readonly record struct TraceLine(long At, bool Began, string Silo, string Stage, string Item)
{
    public (string Stage, string Item) Work => (Stage, Item);
}

/// <summary>Silos as processes on one PostgreSQL database, and what their stages wrote down.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
    private readonly Dictionary<string, SimulationProcess> _silos = [];
    private readonly SimulationPlan _plan;
    private readonly string _postgres;

    private SimulatedCluster(SimulationPlan plan, string postgres)
    {
        (_plan, _postgres) = (plan with { Trace = Directory.CreateDirectory(Path.Combine(_folder, "trace")).FullName }, postgres);
        _plan.Write(PlanPath);
    }

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private string PlanPath => Path.Combine(_folder, "plan.json");

    /// <param name="postgres">An empty database.</param>
    public static async Task<SimulatedCluster> CreateAsync(SimulationPlan plan, string postgres)
    {
        await ClusterEngines.Find().InitializeAsync(new ClusterSettings { Clustering = ClusteringBackend.Postgres, Postgres = postgres }, CancellationToken.None);
        await using var ledger = PostgresLedger.Open(postgres, TimeProvider.System, NullLogger.Instance);
        await SimulatedSilo.SubmitAsync(ledger);
        return new SimulatedCluster(plan, postgres);
    }

    public SimulationProcess Start(string name, string role) => _silos[name] = SimulationProcess.Start(
        name,
        [
            PlanPath, Path.Combine(_folder, name), "--clustering", "postgres", "--role", role, "--silo-name", name, "--silo-port", $"{FreePort.Next()}", "--gateway-port", $"{FreePort.Next()}",
            "--gpu-memory", "1GiB", "--gpu-slots", "4", "--high-water", "96",
        ],
        ("MEDGEN_POSTGRES", _postgres));

    /// <summary>All that stages wrote so far, by time.</summary>
    public List<TraceLine> Trace()
    {
        var lines = new List<TraceLine>();
        foreach (var path in Directory.EnumerateFiles(_plan.Trace!, "*" + FileWatch.Extension))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ');
                lines.Add(new TraceLine(long.Parse(words[0], CultureInfo.InvariantCulture), words[1] == "begin", words[2], words[3], words[4]));
            }
        }

        // Stable: a stage may begin and end within a millisecond, and its lines must not change places.
        return [.. lines.OrderBy(line => line.At)];
    }

    /// <summary>When a silo first began an item at or after a time; waits for it.</summary>
    public Task<long> FirstWorkAsync(string silo, long since) =>
        UntilAsync($"{silo} works", () => Trace().Where(line => line.Began && line.Silo == silo && line.At >= since).Select(line => (long?)line.At).FirstOrDefault());

    /// <summary>Work that silos had begun last of all, and not ended.</summary>
    public HashSet<(string Stage, string Item)> Open(IReadOnlyCollection<string> silos)
    {
        var open = new HashSet<(string, string)>();
        foreach (var line in Trace())
        {
            _ = line.Began && silos.Contains(line.Silo) ? open.Add(line.Work) : open.Remove(line.Work);
        }

        return open;
    }

    /// <summary>When the last of some work was begun by other silos after a time; waits for it.</summary>
    public async Task<long> AllBegunElsewhereAsync(HashSet<(string Stage, string Item)> work, IReadOnlyCollection<string> silos, long since)
    {
        Dictionary<(string, string), long> begun = [];
        try
        {
            return await UntilAsync("the work of silos that are gone is begun elsewhere", () =>
            {
                begun = Trace().Where(line => line.Began && line.At >= since && !silos.Contains(line.Silo) && work.Contains(line.Work)).GroupBy(line => line.Work).ToDictionary(lines => lines.Key, lines => lines.Min(line => line.At));
                return begun.Count == work.Count ? begun.Values.DefaultIfEmpty(since).Max() : null;
            });
        }
        catch (TimeoutException exception)
        {
            var last = Trace()[^1];
            throw new TimeoutException(
                $"{exception.Message} Of {work.Count} items {begun.Count} were; not: {string.Join(", ", work.Where(one => !begun.ContainsKey(one)).Take(5))}. Last of all, {last.Silo} worked {(Now - last.At) / 1000.0:F0} s ago. " +
                string.Join(' ', _silos.Values.Where(silo => !silo.HasExited).Select(silo => $"{silo.Name}: {silo.LastLine}")), exception);
        }
    }

    public async Task<long> UntilAsync(string what, Func<long?> look)
    {
        for (var tries = 0; tries < 1200; tries++)
        {
            if (look() is { } at)
            {
                return at;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"It did not happen in two minutes that {what}.");
    }

    /// <summary>Waits for the job's end and holds the ledger against the plan.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync()
    {
        await using var ledger = PostgresLedger.Open(_postgres, TimeProvider.System, NullLogger.Instance);
        for (var tries = 0; tries < 600 && (await ledger.JobsAsync())[0].State == JobState.Running; tries++)
        {
            await Task.Delay(500);
        }

        await ledger.RefreshAsync();
        return LedgerCheck.Of(ledger, _plan);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            await silo.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using System.Runtime.InteropServices;

// Simulation PLAN FOLDER submit | check: gives the plan to the ledger, or holds the ledger against it.
// Simulation PLAN FOLDER [--option value]...: one silo of the cluster that the options and the environment name. It says "started", and "idle" when no job runs; it ends at SIGTERM,
// at the end of its input, or when it is idle where --until-idle is given.
if (args is [_, _, "submit" or "check"])
{
    return await LedgerProgram.RunAsync(args);
}

var options = args.Skip(2).Where(arg => arg != "--until-idle").Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
var plan = SimulationPlan.Read(args[0]);
var settings = ClusterConfiguration.Read(options.GetValueOrDefault, Environment.GetEnvironmentVariable);
var engineOptions = new EngineOptions
{
    CpuSlots = Number("cpu-slots", 8), GpuSlots = Number("gpu-slots", 4), NetworkSlots = Number("network-slots", 8), ApiSlots = Number("api-slots", 8),
    HighWater = Number("high-water", 512), Lease = TimeSpan.FromSeconds(Number("lease", 30)),
    LaneLimit = TimeSpan.FromSeconds(Number("lane-limit", 1200)), LaneAskEvery = TimeSpan.FromSeconds(Number("lane-ask", 15)),
    Retry = new RetryPolicy(3, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)),
};
ILoggerFactory logs = Environment.GetEnvironmentVariable("SIMULATION_LOG") is { } path ? new FileLogs(path) : NullLoggerFactory.Instance;
using var watch = plan.Trace is { } trace ? new FileWatch(trace, settings.SiloName) : null;
SimulatedSilo made;
try
{
    made = SimulatedSilo.Create(plan, settings, engineOptions, args[1], logs, Clock(), watch: watch);
}
catch (LedgerException exception)
{
    Say($"failed {exception.Message}");
    return 1;
}

await using var silo = made;
using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
_ = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    await stop.CancelAsync();
});
var work = silo.Engine.RunAsync(args.Contains("--until-idle"), stop.Token);
_ = SayAsync();
try
{
    await work;
}
catch (ClusterException exception)
{
    Say($"failed {exception.Message}");
    return 1;
}

Say("stopped");
return 0;

int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text) : otherwise;

TimeProvider Clock() => options.TryGetValue("clock-skew", out var text) ? new SkewedTime(TimeSpan.FromSeconds(double.Parse(text))) : TimeProvider.System;

void Say(string line) => Console.WriteLine($"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {line}");

async Task SayAsync()
{
    var last = "";
    while (!work.IsCompleted)
    {
        try
        {
            var silos = silo.Engine.Silos;
            var line = $"silos {string.Join(',', silos.Where(other => other.Status == "active").Select(other => other.Name))}; {silo.Engine.Standstill ?? silo.Engine.Blocked}";
            if (line != last)
            {
                Say(last = line);
            }
        }
        catch (Exception)
        {
            // Not joined yet.
        }

        await Task.Delay(200);
    }
}

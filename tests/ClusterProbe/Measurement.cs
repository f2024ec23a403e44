using System.Diagnostics;
using MedGenCluster.Grains.Hosting.Postgres;
using MedGenCluster.Services;

namespace MedGenCluster.ClusterProbe;

/// <summary>Starts three silos on a PostgreSQL of its own, ends some at once, and prints how long the rest take to declare them dead and to carry all work again.</summary>
internal static class Measurement
{
    private const int Silos = 3;

    /// <param name="kill">Silos that end: 0 waits instead, and counts what is declared dead though it lives.</param>
    /// <param name="signal">KILL; STOP for a silo that hangs while its connections stay open; TERM for one that is asked to leave.
    /// With no silo to end: NONE, or DATABASE, which takes PostgreSQL away for half a minute.</param>
    public static async Task RunAsync(int kill, string signal, int rounds, int load, int seconds)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await OrleansSchema.ApplyAsync(postgres.ConnectionString, CancellationToken.None);
        var burners = Enumerable.Range(0, load).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])!).ToList();
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                await RoundAsync(postgres, round, kill, signal, seconds);
            }
        }
        finally
        {
            burners.ForEach(burner => burner.Kill());
        }
    }

    private static async Task RoundAsync(PostgresServer postgres, int round, int kill, string signal, int seconds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var silos = Enumerable.Range(0, Silos).Select(number => Start(postgres.ConnectionString, round, number)).ToList();
        try
        {
            await Task.WhenAll(from silo in silos from other in silos select silo.UntilAsync($"member {other.Name} Active", limit.Token));
            await Task.WhenAll(silos.Select(silo => silo.ServeAsync()));
            // Long enough for probes to have settled, and for the times of life in the table to be anywhere in their period.
            await Task.Delay(TimeSpan.FromSeconds(seconds) + TimeSpan.FromSeconds(round % 5), limit.Token);
            if (signal == "DATABASE")
            {
                await postgres.StopAsync();
                await Task.Delay(TimeSpan.FromSeconds(30), limit.Token);
                await postgres.ContinueAsync();
                await Task.Delay(TimeSpan.FromSeconds(20), limit.Token);
            }

            var early = silos.Sum(silo => silo.Lines.Count(line => line.Text.EndsWith(" Dead", StringComparison.Ordinal)));
            if (kill == 0)
            {
                Console.WriteLine($"round {round}: {early} declared dead though they live, in {seconds} s; gaps in service: {string.Join(", ", silos.SelectMany(silo => silo.Lines).Where(line => line.Text.StartsWith("served", StringComparison.Ordinal)).Select(line => line.Text))}");
                return;
            }

            var gone = silos.Take(kill).ToList();
            var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            await Task.WhenAll(gone.Select(silo => silo.SignalAsync(signal)));
            var report = await Task.WhenAll(silos.Skip(kill).Select(async silo =>
            {
                var dead = await Task.WhenAll(gone.Select(other => silo.UntilAsync($"member {other.Name} Dead", limit.Token, began)));
                var served = signal == "TERM" ? silo.Lines.LastOrDefault(line => line.Milliseconds >= began && line.Text.StartsWith("served", StringComparison.Ordinal)) : await silo.UntilAsync("served", limit.Token, began);
                return $"{silo.Name}: dead after {string.Join(" and ", dead.Select(line => $"{(line.Milliseconds - began) / 1000.0:0.0}"))} s, all work carried after {(served is null ? "no gap" : $"{(served.Milliseconds - began) / 1000.0:0.0} s")}";
            }));
            Console.WriteLine($"round {round}: {string.Join("; ", report)}{(early > 0 ? $"; {early} FALSE DEATHS BEFORE" : "")}");
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    private static ProbeProcess Start(string connection, int round, int number) => ProbeProcess.Start(
        $"silo-{number}",
        [("clustering", "postgres"), ("cluster-id", $"round-{round}"), ("silo-port", $"{FreePort.Next()}"), ("gateway-port", $"{FreePort.Next()}")],
        [("MEDGEN_POSTGRES", connection)]);
}

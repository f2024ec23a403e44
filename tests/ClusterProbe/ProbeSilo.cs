using System.Diagnostics;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MedGenCluster.ClusterProbe;

/// <summary>One silo, which prints what it sees of the others: <c>ms member name status</c>. Once its input says <c>serve</c> it calls grains on all silos
/// without end, prints <c>ms serving</c> when all answer for the first time, some on every silo, and <c>ms served milliseconds</c> after a time in which some did not. It ends when its input does, or at SIGTERM.</summary>
internal static class ProbeSilo
{
    private const int Grains = 32;
    private const string Timing = "PROBE_TIMING";

    public static async Task RunAsync(string[] args)
    {
        var options = args.Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
        var settings = ClusterConfiguration.Read(options.GetValueOrDefault, Environment.GetEnvironmentVariable);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("PROBE_LOG") is { } level)
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(Enum.Parse<LogLevel>(level));
        }

        builder.UseOrleans(silo =>
        {
            SiloConfiguration.Configure(silo, settings);
            silo.Configure<ClusterMembershipOptions>(Override);
        });
        using var host = builder.Build();
        await host.StartAsync();
        Say($"started {settings.SiloName}");
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var membership = host.Services.GetRequiredService<IClusterMembershipService>();
        _ = WatchAsync(membership, lifetime.ApplicationStopping);
        _ = Task.Run(() => ObeyAsync(host.Services.GetRequiredService<IGrainFactory>(), membership, lifetime.ApplicationStopping));
        await host.WaitForShutdownAsync();
        Say($"stopped {settings.SiloName}");
    }

    public static void Say(string line) => Console.WriteLine($"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {line}");

    // For trying other values: Name=value,Name=value; or default for those of Orleans.
    private static void Override(ClusterMembershipOptions options)
    {
        var timing = Environment.GetEnvironmentVariable(Timing) ?? "";
        var defaults = new ClusterMembershipOptions();
        foreach (var part in timing.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "default")
            {
                foreach (var property in typeof(ClusterMembershipOptions).GetProperties().Where(property => property.CanWrite))
                {
                    property.SetValue(options, property.GetValue(defaults));
                }

                continue;
            }

            var (name, text) = (part.Split('=')[0], part.Split('=')[1]);
            var target = typeof(ClusterMembershipOptions).GetProperty(name) ?? throw new ArgumentException($"{Timing} names {name}, which is no option.");
            target.SetValue(options, target.PropertyType == typeof(TimeSpan) ? TimeSpan.FromSeconds(double.Parse(text)) : Convert.ChangeType(text, target.PropertyType));
        }
    }

    private static async Task ObeyAsync(IGrainFactory grains, IClusterMembershipService membership, CancellationToken stopping)
    {
        while (await Console.In.ReadLineAsync(CancellationToken.None) is { } word)
        {
            if (word == "serve")
            {
                _ = ServeAsync(grains, membership, stopping);
            }
        }

        // Who started it is gone, and its database may be as well: a stop in good order would wait for that.
        Process.GetCurrentProcess().Kill();
    }

    private static async Task WatchAsync(IClusterMembershipService membership, CancellationToken stopping)
    {
        var seen = new Dictionary<SiloAddress, SiloStatus>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stopping))
        {
            foreach (var member in snapshot.Members.Values.Where(member => seen.GetValueOrDefault(member.SiloAddress) != member.Status))
            {
                seen[member.SiloAddress] = member.Status;
                Say($"member {member.Name} {member.Status}");
            }
        }
    }

    private static async Task ServeAsync(IGrainFactory grains, IClusterMembershipService membership, CancellationToken stopping)
    {
        long? gap = null;
        var serving = false;
        var batch = 0;
        while (!stopping.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            if (await AnswersAsync(grains, batch) is not { } silos)
            {
                gap ??= began;
            }
            else if (!serving && silos.Count < membership.CurrentSnapshot.Members.Values.Count(member => member.Status == SiloStatus.Active))
            {
                // A silo is active a little before the others know which grains it can hold, and grains that are placed by then stay where they are.
                batch++;
            }
            else
            {
                if (!serving)
                {
                    serving = true;
                    Say("serving");
                }

                if (gap is { } since && Stopwatch.GetElapsedTime(since) > TimeSpan.FromMilliseconds(700))
                {
                    Say($"served {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0}");
                }

                gap = null;
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    // The silos that answer for a batch of grains; null where not all do.
    private static async Task<IReadOnlySet<string>?> AnswersAsync(IGrainFactory grains, int batch)
    {
        try
        {
            var answers = Task.WhenAll(Enumerable.Range(0, Grains).Select(number => grains.GetGrain<IProbeGrain>($"probe-{batch}-{number}").WhereAsync()));
            return (await answers.WaitAsync(TimeSpan.FromMilliseconds(600))).ToHashSet();
        }
        catch (Exception)
        {
            // Whatever it was: the work had no silo.
            return null;
        }
    }
}

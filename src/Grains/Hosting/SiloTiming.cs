using Orleans.Configuration;

namespace MedGenCluster.Grains.Hosting;

/// <summary>How soon a cluster misses a silo that is gone, and how soon a silo puts down a grain that nobody calls.</summary>
/// <remarks>Measured with <c>tests/ClusterProbe</c>: three silos on PostgreSQL on two shared cores, from the signal until a survivor carries all work again;
/// in brackets with two busy loops beside them.
/// <list type="table">
/// <listheader><term>event</term><description>Orleans' own settings; these</description></listheader>
/// <item><term>one of three killed</term><description>10.7 to 11.8 s; 2.5 to 4.6 s (2.8 to 6.4 s)</description></item>
/// <item><term>two of three killed at once</term><description>82 to 91 s; 15.2 to 17.2 s (14.2 to 17.3 s)</description></item>
/// <item><term>one hangs, its connections open</term><description>not measured; (9.7 to 10.6 s)</description></item>
/// <item><term>one is asked to stop</term><description>not measured; declared dead by itself after 0.4 s, and no work waited</description></item>
/// <item><term>none, for three minutes</term><description>not measured; no silo declared dead (none, nor with eight busy loops for two minutes)</description></item>
/// <item><term>the database is away for half a minute</term><description>not measured; no silo declared dead, and work went on</description></item>
/// </list></remarks>
internal static class SiloTiming
{
    public static void Set(ClusterMembershipOptions options)
    {
        // Where a probe begins. Orleans adapts it to what a silo answers in, from half of it (here: one second, which is also how often it probes) ...
        options.ProbeTimeout = TimeSpan.FromSeconds(2);

        // ... up to this. Times the probes below it is also how long messages that a silo has sent speak against its death: 9 s, which a silo that
        // hangs with open connections is missed after. Less would leave a machine that is busy with models or video too little.
        options.MaxProbeTimeout = TimeSpan.FromSeconds(3);

        // A killed silo's connections are refused at once, so that three probes take about three seconds; two would make an enemy of one long pause.
        options.NumMissedProbesLimit = 3;

        // Two silos, or one and a third through which it asked: nobody is declared dead by the one whose own network is broken.
        options.NumVotesForDeathDeclaration = 2;
        options.EnableIndirectProbes = true;

        // Where two of three are killed, nobody is left to second the third. Only when the dead are also late with their time of life in the table does its vote
        // suffice: 15 s, half of what is allowed for it. It must stay well above the difference of the machines' clocks, as a silo whose clock is
        // further behind counts as late, and late silos are asked for no metadata (a GPU silo would get no work). One small write for each silo every 3 s.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedTableIAmAliveLimit = 5;

        // Changes are gossiped; whoever missed one sees it after this, and a silo whose metadata could not be had is asked again the sooner.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }

    public static void Set(GrainCollectionOptions options)
    {
        // A video's or a clip's grain is done when its item is: it goes at the next round but two. What works for longer between calls has to say so
        // (DelayDeactivation).
        options.CollectionAge = TimeSpan.FromSeconds(45);
        options.CollectionQuantum = TimeSpan.FromSeconds(15);
    }

    public static void Set(GrainDirectoryOptions options)
    {
        // Where grains are is remembered for each that was ever called, up to a million by default: over a long crawl that is some hundred megabytes for grains that have gone.
        // What is in flight on a cluster fits into this many; whoever is not found is looked up.
        options.CacheSize = 65_536;
    }
}

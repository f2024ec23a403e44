using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Services;
using MedGenCluster.Simulation;

namespace MedGenCluster.Grains.Tests.Faults;

/// <summary>A run on silos whose media lie in a storage account that goes away twice, and comes back under its address with what it has answered for.</summary>
internal static class AccountOutage
{
    private const string Attempts = "SELECT COUNT(*) FROM medgen_ledger.item WHERE attempts <> 0";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task LosesNothingAsync(PostgresServer postgres, ClusteringBackend clustering)
    {
        await using var account = await AzuriteServer.StartAsync();
        await using var cluster = await SimulatedCluster.CreateAsync(
            postgres,
            new SimulationPlan { Videos = 400, MediaBytes = 20_000, Seconds = new Dictionary<string, double> { ["segment"] = 0.2, ["caption"] = 0.1, ["aesthetics"] = 0.2, ["technical-quality"] = 0.1 } },
            new ClusterSettings { Clustering = clustering, AzureStorage = account.ConnectionString, MediaContainer = "media" });
        var media = cluster.OpenMedia();
        using var closing = media as IDisposable;
        await MediaStores.PrepareAsync(media, CancellationToken.None);
        cluster.Start("a", "all");
        cluster.Start("b", "all");
        for (var outage = 1; outage <= 2; outage++)
        {
            var (a, b) = (cluster.Begun("a"), cluster.Begun("b"));
            await cluster.UntilAsync(() => cluster.Begun("a") > a + 80 && cluster.Begun("b") > b + 80, Limit);
            Assert.Equal(JobState.Running, (await cluster.JobAsync()).State);
            await account.RestartAsync();
        }

        cluster.Hurry();
        await cluster.EndsAsPlannedAsync(Limit);

        // The store bridges what is that short: no item loses an attempt by it.
        Assert.Equal(0, await cluster.CountAsync(Attempts));
        var accepted = cluster.Ledger.Items(new ItemQuery { Outcome = Outcome.Accepted }).ToList();
        Assert.NotEmpty(accepted);
        foreach (var clip in accepted)
        {
            Assert.Equal(cluster.Plan.MediaOf(clip.Id), await File.ReadAllBytesAsync(await media.OpenLocalAsync(Assert.IsType<MediaRef>(clip.Media), CancellationToken.None)));
        }
    }
}

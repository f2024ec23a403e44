using System.Text.Json;
using MedGenCluster.Services;

namespace MedGenCluster.EndToEnd.Cluster;

/// <summary>The Orleans engine, as one silo or several with their roles: the dataset is the embedded engine's to the byte.</summary>
[Collection(DemoCollection.Name)]
public sealed class ClusterTests(DemoFixture demo)
{
    [ClusterTheory]
    [InlineData("one")]
    public async Task One_silo_gives_the_dataset_of_the_embedded_engine(string name)
    {
        var data = Path.Combine(demo.Folder, "silo-" + name);
        var environment = new Dictionary<string, string> { ["MEDGEN_ENGINE"] = "orleans", ["MEDGEN_SILO_PORT"] = RealCluster.Port(), ["MEDGEN_GATEWAY_PORT"] = RealCluster.Port() };
        var part = await demo.PartAsync();
        var crawl = await Medgen.RunAsync(environment, "crawl", part.Channel, "--name", "demo", "--data", data);

        Assert.True(crawl.ExitCode == part.ExitCode, crawl.Error + crawl.Output);
        Assert.Equal(part.Manifest, await demo.ExportAsync(data, "silo-" + name));
    }

    [ClusterTheory]
    [InlineData(1, 1, false)]
    [InlineData(2, 2, true)]
    public async Task Several_silos_give_the_dataset_of_the_embedded_engine(int cpu, int gpu, bool blobs)
    {
        if (blobs && AzuriteServer.Missing is not null)
        {
            // Without a blob store the silos share the directory, as in the other case.
            blobs = false;
        }

        await using var cluster = await RealCluster.StartAsync(Path.Combine(demo.Folder, $"cluster-{cpu}-{gpu}"), blobs);
        for (var i = 0; i < cpu; i++)
        {
            await cluster.AddAsync("cpu-" + i, "cpu");
        }

        for (var i = 0; i < gpu; i++)
        {
            await cluster.AddAsync("gpu-" + i, "gpu");
        }

        var part = await demo.PartAsync();
        var crawl = await Medgen.RunAsync(cluster.Environment, "crawl", part.Channel, "--name", "demo");
        Assert.True(crawl.ExitCode == part.ExitCode, crawl.Error + crawl.Output);

        var dataset = Path.Combine(demo.Folder, $"cluster-{cpu}-{gpu}-dataset");
        (await Medgen.RunAsync(cluster.Environment, "export", dataset, "--name", "medgen-demo")).Succeeds();
        Assert.Equal(part.Manifest, await File.ReadAllBytesAsync(Path.Combine(dataset, "metadata.jsonl")));

        using var client = new HttpClient();
        var system = JsonDocument.Parse(await client.GetStringAsync(cluster.Silos[0].Address + "/api/system")).RootElement;
        Assert.Equal("orleans", system.GetProperty("engine").GetString());
        Assert.Equal(cpu + gpu, system.GetProperty("silos").EnumerateArray().Count(silo => silo.GetProperty("state").GetString() == "active"));
        foreach (var silo in cluster.Silos)
        {
            var (code, errors) = await silo.StopAsync();
            Assert.True(code == 0, errors);
        }
    }
}

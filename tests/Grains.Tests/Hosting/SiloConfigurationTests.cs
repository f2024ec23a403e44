using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Hosting;

public sealed class SiloConfigurationTests
{
    [Fact]
    public async Task A_silo_of_this_machine_keeps_state_and_reminders_while_it_lives()
    {
        var settings = new ClusterSettings { ClusterId = "alone" };
        await using (var silo = await TestSilo.StartAsync(settings))
        {
            await silo.Grains.GetGrain<INoteGrain>("a").WriteAsync("text");
            Assert.Equal("text", await silo.Grains.GetGrain<INoteGrain>("a").ReadAsync());
        }

        await ClusterContract.AReminderFiresAsync(settings);
    }

    [Fact]
    public void An_advertised_address_is_refused_where_the_silo_stays_on_this_machine()
    {
        var error = Assert.Throws<ClusterException>(() => TestSilo.Build(new ClusterSettings { AdvertisedAddress = "10.0.0.1" }));

        Assert.Contains("--advertised-address", error.Message, StringComparison.Ordinal);
    }
}

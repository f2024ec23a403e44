using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Tests.Faults;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Hosting.Azure;

[Collection(FaultCollection.Name)]
public sealed class AzureOutageTests(FaultServer server)
{
    [ServersFact]
    public Task A_restart_of_the_account_of_membership_and_media_loses_nothing_and_accepts_nothing_twice() =>
        AccountOutage.LosesNothingAsync(server.Postgres, ClusteringBackend.AzureStorage);
}

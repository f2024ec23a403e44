using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Faults;

[Collection(FaultCollection.Name)]
public sealed class MediaOutageTests(FaultServer server)
{
    [ServersFact]
    public Task A_restart_of_the_account_of_the_media_loses_nothing_and_accepts_nothing_twice() => AccountOutage.LosesNothingAsync(server.Postgres, ClusteringBackend.Postgres);
}

using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Hosting.Azure;

public sealed class AzureClusterTests(AzureClusterTests.Account account) : IClassFixture<AzureClusterTests.Account>
{
    [AzuriteFact]
    public Task State_survives_a_restart_of_all_silos() => ClusterContract.StateSurvivesARestartOfAllSilosAsync(account.Cluster("restart"));

    [AzuriteFact]
    public Task A_conflict_of_writers_is_seen() => ClusterContract.AConflictOfWritersIsSeenAsync(account.Cluster("conflict"));

    [AzuriteFact]
    public Task A_reminder_fires() => ClusterContract.AReminderFiresAsync(account.Cluster("reminder"));

    [AzuriteFact]
    public Task A_generation_job_goes_on_over_a_restart_of_its_silo() => JobContract.GenerationGoesOnAsync(account.Cluster("generation"));

    [AzuriteFact]
    public Task A_training_run_goes_on_over_a_restart_of_its_silo() => JobContract.TrainingGoesOnAsync(account.Cluster("training"));

    [AzuriteFact]
    public Task A_killed_silo_is_declared_dead() => ClusterContract.AKilledSiloIsDeclaredDeadAsync(account.Cluster("killed"));

    public sealed class Account : IAsyncLifetime
    {
        private AzuriteServer? _server;

        public ClusterSettings Cluster(string id) => new() { Clustering = ClusteringBackend.AzureStorage, AzureStorage = _server!.ConnectionString, ClusterId = id };

        public async Task InitializeAsync() => _server = AzuriteServer.Missing is null ? await AzuriteServer.StartAsync() : null;

        public async Task DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }
}

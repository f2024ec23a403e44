using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting.Azure;

/// <summary>A cluster in Azure Storage: tables for membership and reminders, blobs for grain state. The silos make what is missing.</summary>
internal sealed class AzureBackend : IClusterBackend
{
    public const string MembershipTable = "MedgenMembership";
    public const string ReminderTable = "MedgenReminders";
    public const string StateContainer = "medgen-grain-state";

    public void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        var account = AzureAccount.Open(settings.AzureStorage ?? throw new ClusterException("A cluster in Azure Storage needs its account."));
        silo.UseAzureStorageClustering(options =>
        {
            options.TableServiceClient = account.Tables;
            options.TableName = MembershipTable;
        });
        silo.AddAzureBlobGrainStorage(SiloConfiguration.Storage, options =>
        {
            options.BlobServiceClient = account.Blobs;
            options.ContainerName = StateContainer;
            options.DeleteStateOnClear = true;
        });
        silo.UseAzureTableReminderService(options =>
        {
            options.TableServiceClient = account.Tables;
            options.TableName = ReminderTable;
        });
    }
}

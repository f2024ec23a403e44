using System.CommandLine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen cluster</c>.</summary>
internal static class ClusterCommand
{
    public static Command Build() => new("cluster", "Prepare the backends of a cluster.") { BuildInit() };

    private static Command BuildInit()
    {
        var command = new Command("init", "Create or update what a cluster needs in PostgreSQL and Azure Storage: the ledger's schema, membership, grain state, reminders, the container of media. Safe to repeat.");
        ClusterSelection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Shared.OnlyHere(parsed);
            var settings = ClusterConfiguration.Read(name => ClusterSelection.Given(parsed, name), Environment.GetEnvironmentVariable);
            if (settings is { Postgres: null, AzureStorage: null })
            {
                return Output.Fail("there is nothing to prepare: name a PostgreSQL with --postgres-file or an Azure storage account with --azure-storage-file.", ExitCodes.Usage);
            }

            var done = await CurationHost.InitializeClusterAsync(Shared.Host(parsed) with { Cluster = settings }, cancellationToken);
            var output = Shared.Output(parsed);
            foreach (var line in done)
            {
                output.Line(line);
            }

            output.Value(new { Type = "initialized", Done = done });
            return ExitCodes.Ok;
        });
        return command;
    }
}

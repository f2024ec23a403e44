using System.CommandLine;
using MedGenCluster.Client;
using MedGenCluster.Client.Commands;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Web;

var root = new RootCommand("MedGenCluster: turns public medical video into a captioned, clean, auditable dataset.")
{
    DemoCommand.Build(),
    ScreenCommand.Build(),
    CrawlCommand.Build(),
    UpCommand.BuildUp(),
    UpCommand.BuildWatch(),
    JobsCommand.Build(),
    ClipsCommand.Build(),
    RetryCommand.Build(),
    RedecideCommand.Build(),
    ExportCommand.Build(),
    AuditCommand.Build(),
    ScalingCommand.Build(),
    ClusterCommand.Build(),
    ModelsCommand.Build(),
    TrainCommand.Build(),
    TrainingsCommand.Build(),
    GenerateCommand.Build(),
    GenerationsCommand.Build(),
    ScenesCommand.Build(),
};
root.Options.Add(Shared.Data);
root.Options.Add(Shared.Models);
root.Options.Add(InferenceSelection.Provider);
root.Options.Add(InferenceSelection.Devices);
root.Options.Add(TrainerSelection.Trainer);
root.Options.Add(TrainerSelection.Python);
root.Options.Add(Shared.Json);
root.Options.Add(Shared.Config);
root.Options.Add(Shared.Server);
root.Options.Add(Shared.TokenFile);

try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine("medgen: " + error.Message);
        }

        Console.Error.WriteLine("medgen: `medgen --help` lists the commands and `medgen COMMAND --help` their options.");
        return ExitCodes.Usage;
    }

    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = ClusterSelection.TerminationLimit(parsed) });
}
catch (OperationCanceledException)
{
    return Output.Fail("interrupted; the same command goes on where it stopped.", ExitCodes.Interrupted);
}
catch (WebException exception)
{
    return Output.Fail(exception.Message, ExitCodes.Usage);
}
catch (UsageException exception)
{
    return Output.Fail(exception.Message, ExitCodes.Usage);
}
catch (Exception exception) when (exception is WorkplaceException or ClusterException or LedgerException or SourceException or ModelException or DictionaryException)
{
    return Output.Fail(exception.Message, ExitCodes.Unavailable);
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    return Output.Fail(exception.Message, ExitCodes.Unavailable);
}

using System.CommandLine;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen up</c> and <c>medgen watch</c>.</summary>
internal static class UpCommand
{
    public static Command BuildUp()
    {
        var once = new Option<bool>("--until-idle") { Description = "Stop when no job is left running." };
        var command = new Command("up", "Run the engine: works on every submitted job until stopped (Ctrl-C); what was interrupted goes on.") { once };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var host = CurationHost.Open(Shared.Host(parsed));
            return await EngineSession.RunAsync(host, Shared.Output(parsed), null, forever: !parsed.GetValue(once), cancellationToken);
        });
        return command;
    }

    public static Command BuildWatch()
    {
        var command = new Command("watch", "Show the funnel live until the jobs are at rest.") { Shared.Job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var host = CurationHost.Open(Shared.Host(parsed));
            return await EngineSession.WatchAsync(host, Shared.Output(parsed), parsed.GetValue(Shared.Job), cancellationToken);
        });
        return command;
    }
}

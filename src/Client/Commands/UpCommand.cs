using System.CommandLine;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen up</c> and <c>medgen watch</c>.</summary>
internal static class UpCommand
{
    public static Command BuildUp()
    {
        var once = new Option<bool>("--until-idle") { Description = "Stop when no job is left running." };
        var noWeb = new Option<bool>("--no-web") { Description = "Work without API and dashboard." };
        var web = new WebSelection();
        var command = new Command("up", "Run the host: works on every submitted job until stopped (Ctrl-C), and serves the API and the dashboard; what was interrupted goes on.") { once, noWeb };
        web.AddTo(command);
        ClusterSelection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Shared.OnlyHere(parsed);
            var options = parsed.GetValue(noWeb) ? null : web.Read(parsed);
            await using var host = CurationHost.Open(Shared.Host(parsed));
            return await EngineSession.RunAsync(host, Shared.Output(parsed), null, forever: !parsed.GetValue(once), cancellationToken, options);
        });
        return command;
    }

    public static Command BuildWatch()
    {
        var command = new Command("watch", "Show the funnel live until the jobs are at rest.") { Shared.Job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            var job = parsed.GetValue(Shared.Job);
            await using var workplace = Shared.Workplace(parsed);
            try
            {
                await workplace.WatchAsync(output, job, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Looking on can end at any time.
                return ExitCodes.Ok;
            }

            return await EngineSession.EndAsync(workplace, output, job, cancellationToken);
        });
        return command;
    }
}

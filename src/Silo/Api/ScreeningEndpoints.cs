using MedGenCluster.Curation.Screening.Report;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Operations;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Screenings of candidates that lie on the host.</summary>
internal static class ScreeningEndpoints
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var screenings = api.MapGroup("/screenings").WithTags("Screenings");
        screenings.MapGet("/", () => List(running)).WithSummary("Screenings that the host has run, newest first.");
        screenings.MapPost("/", (ScreeningRequest request) => Start(running, request)).Produces<Operation>(202).WithSummary("Screens candidates on the host; the same request again goes on where it was stopped.");
    }

    private static string Root(RunningHost running) => Path.Combine(running.Host.Data.Root, "screenings");

    private static List<ScreeningView> List(RunningHost running) => Directory.Exists(Root(running))
        ? [.. new DirectoryInfo(Root(running)).GetDirectories().OrderByDescending(folder => folder.LastWriteTimeUtc)
            .Select(folder => new ScreeningView(folder.Name, folder.FullName, File.Exists(new ScreeningFolder(folder.FullName).ReportJson), folder.LastWriteTimeUtc))]
        : [];

    private static IResult Start(RunningHost running, ScreeningRequest request)
    {
        var options = new ScreeningOptions { OutputFolder = Path.Combine(Root(running), request.Name), UseClassifier = request.UseClassifier, LabelColumn = request.LabelColumn, Restart = request.Restart, Strict = request.Strict };
        options = request.MinProbability is { } least ? options with { MinProbability = least } : options;
        List<string> errors = [.. options.Validate()];
        if (!ExportEndpoints.IsName(request.Name))
        {
            errors.Add("name has 1 to 80 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");
        }

        errors.AddRange(request.Inputs.Count == 0 ? ["inputs names no file or folder."] : request.Inputs.Where(input => !File.Exists(input) && !Directory.Exists(input)).Select(input => $"inputs: there is no file or folder '{input}' on the host."));
        if (errors.Count > 0)
        {
            return Problems.BadRequest(errors);
        }

        Directory.CreateDirectory(Root(running));
        var operation = running.Operations.Start("screening", request.Name, $"Screening {request.Name}", (progress, stop) => RunAsync(running, request, options, progress, stop));
        return operation is null ? Problems.Conflict($"Screening {request.Name} is running.") : TypedResults.Accepted($"/api/operations/{operation.Id}", operation);
    }

    private static async Task<object?> RunAsync(RunningHost running, ScreeningRequest request, ScreeningOptions options, IProgress<OperationStep> progress, CancellationToken stop)
    {
        await using var host = new ScreeningHost(running.Host.Options);
        var run = host.Create(options, null);
        var work = Task.Run(() => run.RunAsync(request.Inputs, stop), CancellationToken.None);
        while (await Task.WhenAny(work, Task.Delay(Tick, running.Time, CancellationToken.None)) != work)
        {
            var now = run.Progress;
            progress.Report(new OperationStep(now.Share, $"{now.Rows:N0} rows, {now.Survivors:N0} survivors"));
        }

        return await work switch
        {
            ScreeningOutcome.Completed done => done.Report,
            ScreeningOutcome.Stopped stopped => throw new WebException($"{stopped.Input}:{stopped.Line}: the row {stopped.Trouble.Words()}. A screening that is not strict counts such rows and passes over them."),
            ScreeningOutcome.Refused refused => throw new WebException(refused.Message),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }
}

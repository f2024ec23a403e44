using System.Formats.Tar;
using MedGenCluster.Engine.Export;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Datasets: written on the host, fetched as a tar.</summary>
internal static class ExportEndpoints
{
    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var exports = api.MapGroup("/exports").WithTags("Exports");
        exports.MapGet("/", () => List(running)).WithSummary("Datasets that the host has written.");
        exports.MapPost("/", (ExportRequest request) => StartAsync(running, request)).Produces<Operation>(202).WithSummary("Writes the accepted clips as a dataset on the host.");
        exports.MapDelete("/{name}", (string name) => Remove(running, name)).Produces<ExportView>().WithSummary("Removes a dataset from the host; clips and ledger stay.");
        exports.MapGet("/{name}/archive", (string name) => Archive(running, name)).WithSummary("A dataset as a tar.");
    }

    private static string Root(RunningHost running) => Path.Combine(running.Host.Data.Root, "exports");

    private static List<ExportView> List(RunningHost running) => Directory.Exists(Root(running))
        ? [.. new DirectoryInfo(Root(running)).GetDirectories().Where(folder => IsName(folder.Name))
            .Select(folder => new ExportView(folder.Name, folder.LastWriteTimeUtc, folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length))).OrderByDescending(export => export.WrittenAt)]
        : [];

    private static async Task<IResult> StartAsync(RunningHost running, ExportRequest request)
    {
        if (!IsName(request.Name))
        {
            return Problems.BadRequest("name has 1 to 80 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");
        }

        var chosen = ExportFormats.None;
        foreach (var format in request.Formats ?? ["all"])
        {
            if (format is null || !ExportFormatNames.TryParse(format, out var flag))
            {
                return Problems.BadRequest($"There is no format {format ?? "null"}; there are {ExportFormatNames.All}.");
            }

            chosen |= flag;
        }

        if (chosen == ExportFormats.None)
        {
            return Problems.BadRequest($"formats names none; leave it out for all, or choose of {ExportFormatNames.All}.");
        }

        if (request.Job is { } job && await Api.JobAsync(running.Ledger, job) is null)
        {
            return Api.NoJob(job);
        }

        var options = new ExportOptions { TargetFolder = Path.Combine(Root(running), request.Name), Formats = chosen, Overwrite = request.Overwrite };
        if (Directory.Exists(options.TargetFolder) && !request.Overwrite)
        {
            return Problems.Conflict($"The host has an export {request.Name} already; choose another name or overwrite it.");
        }

        Directory.CreateDirectory(Root(running));
        var operation = running.Operations.Start("export", request.Name, $"Export {request.Name}", async (_, stop) =>
        {
            var report = await new DatasetExporter().ExportAsync(running.Host.ExportSource(request.Dataset ?? request.Name, request.Job), options, null, stop);
            return report.Error is { } error
                ? throw new WebException(error.Message)
                : new ExportResult(request.Name, report.Exported, report.MediaBytes, [.. report.LeftOut.Select(left => new SkippedRow(left.Clip.Value, left.Detail))], report.Trainer?.Listed);
        });
        return operation is null ? Problems.Conflict($"Export {request.Name} is being written.") : TypedResults.Accepted($"/api/operations/{operation.Id}", operation);
    }

    private static IResult Remove(RunningHost running, string name)
    {
        var folder = Path.Combine(Root(running), IsName(name) ? name : "-");
        if (!IsName(name) || !Directory.Exists(folder))
        {
            return Problems.NotFound("There is no such export; /api/exports lists them.");
        }

        if (running.Operations.All().Any(operation => operation is { Kind: "export", State: "running" } && operation.Title == $"Export {name}"))
        {
            return Problems.Conflict($"Export {name} is being written; wait for its end.");
        }

        var removed = List(running).Single(export => export.Name == name);
        Directory.Delete(folder, recursive: true);
        return TypedResults.Ok(removed);
    }

    private static IResult Archive(RunningHost running, string name)
    {
        var folder = Path.Combine(Root(running), IsName(name) ? name : "-");
        return !IsName(name) || !Directory.Exists(folder)
            ? Problems.NotFound("There is no such export; /api/exports lists them.")
            : TypedResults.Stream(stream => WriteAsync(folder, stream), "application/x-tar", name + ".tar");
    }

    private static async Task WriteAsync(string folder, Stream stream)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await tar.WriteEntryAsync(file, Path.GetRelativePath(folder, file));
        }
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 80 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}

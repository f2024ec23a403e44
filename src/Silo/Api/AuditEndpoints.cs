using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Audits of stages.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var audits = api.MapGroup("/audits").WithTags("Audits");
        audits.MapGet("/", () => running.Ledger.Audits().Select(audit => AuditViews.Of(audit, running.Ledger.AuditMarks(audit.Id)))).Produces<IReadOnlyList<AuditView>>().WithSummary("All audits, newest first.");
        audits.MapPost("/", (AuditRequest request) => CreateAsync(running, request)).Produces<AuditDetail>(201).WithSummary("Draws samples of what passed a stage.");
        audits.MapGet("/{id:long}", async (long id) => Find(running, id) is { } audit ? TypedResults.Ok(await AuditViews.DetailAsync(running.Ledger, audit)) : NoAudit(id)).Produces<AuditDetail>().WithSummary("An audit with its samples and marks.");
        audits.MapPut("/{id:long}/marks", (long id, MarkRequest request) => MarkAsync(running, id, request)).Produces<AuditView>().WithSummary("Sets or takes back one mark.");
        audits.MapGet("/{id:long}/export", (long id, string? format) => ExportAsync(running, id, format ?? "csv")).WithSummary("All marks as CSV or NDJSON.");
    }

    private static AuditRow? Find(RunningHost running, long id) => running.Ledger.Audits().FirstOrDefault(audit => audit.Id == id);

    private static IResult NoAudit(long id) => Problems.NotFound($"There is no audit {id}; /api/audits lists them.");

    private static async Task<IResult> CreateAsync(RunningHost running, AuditRequest request)
    {
        var (stage, answer) = Api.Stage(request.Stage);
        if (answer is not null)
        {
            return answer;
        }

        if (request.Job is { } job && await Api.JobAsync(running.Ledger, job) is null)
        {
            return Api.NoJob(job);
        }

        var (audit, trouble) = await running.Audits.CreateAsync(request.Name, stage!.Value, request.Job, request.Seed, request.Size);
        return audit is null ? Problems.BadRequest(trouble!) : TypedResults.Created($"/api/audits/{audit.Id}", await AuditViews.DetailAsync(running.Ledger, audit));
    }

    private static async Task<IResult> MarkAsync(RunningHost running, long id, MarkRequest request)
    {
        if (Find(running, id) is not { } audit)
        {
            return NoAudit(id);
        }

        var mark = AuditViews.Mark(request.Mark);
        if (request.Mark is not null && mark is null)
        {
            return Problems.BadRequest($"mark is clean, slightly-noisy, noisy, or null to take one back; not '{request.Mark}'.");
        }

        if (await running.Audits.MarkAsync(audit, request.Rater?.Trim() ?? "", request.Position, mark) is { } trouble)
        {
            return Problems.BadRequest(trouble);
        }

        return TypedResults.Ok(AuditViews.Of(audit, running.Ledger.AuditMarks(id)));
    }

    private static async Task<IResult> ExportAsync(RunningHost running, long id, string format)
    {
        if (Find(running, id) is not { } audit)
        {
            return NoAudit(id);
        }

        if (format is not ("csv" or "ndjson"))
        {
            return Problems.BadRequest($"format is csv or ndjson, not '{format}'.");
        }

        var text = await AuditExport.WriteAsync(running.Ledger, audit, format == "csv");
        return TypedResults.File(Encoding.UTF8.GetBytes(text), format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson", $"audit-{id}.{format}");
    }
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;
using MedGenCluster.Silo.Web.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>The JSON API of a host.</summary>
public static class Api
{
    public static void Map(IEndpointRouteBuilder routes, RunningHost running, PulseHub pulses)
    {
        var api = routes.MapGroup("/api");
        api.AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return await next(context);
        });
        LiveEndpoints.Map(api, running);
        FunnelEndpoints.Map(api, running);
        JobEndpoints.Map(api, running);
        ItemEndpoints.Map(api, running);
        FailureEndpoints.Map(api, running);
        AuditEndpoints.Map(api, running);
        SystemEndpoints.Map(api, running);
        ExportEndpoints.Map(api, running);
        ScreeningEndpoints.Map(api, running);
        GenerationEndpoints.Map(api, running);
        TrainingEndpoints.Map(api, running);
        PictureEndpoints.Map(routes.MapGroup("/api/clips"), running);
        api.MapGet("/events", (HttpContext context) => pulses.ServeAsync(context)).ExcludeFromDescription();
    }

    /// <summary>Options of every job.</summary>
    internal static async Task<IReadOnlyDictionary<long, CurationOptions>> OptionsAsync(ILedger ledger) =>
        (await ledger.JobsAsync().ConfigureAwait(false)).ToDictionary(job => job.Id, job => job.Options);

    internal static async Task<JobRow?> JobAsync(ILedger ledger, long id) =>
        (await ledger.JobsAsync().ConfigureAwait(false)).FirstOrDefault(job => job.Id == id);

    internal static IResult NoJob(long id) => Problems.NotFound($"There is no job {id}; /api/jobs lists them.");

    internal static IResult WrongLimit(int most) => Problems.BadRequest($"limit is between 1 and {most}.");

    internal static IResult NoItem(string id) => Problems.NotFound($"There is no clip or video {(id.Length > 80 ? id[..80] + "..." : id)}; /api/items lists them.");

    /// <returns>A stage by its name, or the answer where there is none such.</returns>
    internal static (StageId? Stage, IResult? Answer) Stage(string? name) => name is null ? (null, null)
        : StageNames.TryParse(name, out var stage) ? (stage, null)
        : (null, Problems.BadRequest($"There is no stage {name}; there are {string.Join(", ", StageNames.All)}."));
}

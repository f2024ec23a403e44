using MedGenCluster.Engine.Execution;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

internal static class LiveEndpoints
{
    private const int MaxLive = RecentWork.Kept - 1;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var live = new LiveViews(running);
        api.MapGet("/overview", () => live.OverviewAsync()).WithTags("Live").WithSummary("What is running, how fast, until when, and what needs a person.");
        api.MapGet("/throughput", async (string? span, long? job) => span is not (null or "hour" or "all") ? Problems.BadRequest($"span is hour or all, not '{span}'.")
            : job is { } id && await Api.JobAsync(running.Ledger, id) is null ? Api.NoJob(id)
            : TypedResults.Ok(live.Throughput(span != "all", job))).Produces<Throughput>().WithTags("Live").WithSummary("Items finished by stage over time: the last hour by minutes, or everything.");
        api.MapGet("/throughput/live", async (int? seconds, CancellationToken stop) => seconds is < 1 or > MaxLive ? Problems.BadRequest($"seconds is 1 to {MaxLive}, not {seconds}.")
            : TypedResults.Ok(await live.LiveAsync(seconds ?? 120, stop))).Produces<LiveThroughput>().WithTags("Live").WithSummary("Items finished by stage in each of the last seconds (120), over the whole cluster.");
        api.MapGet("/scaling", () => live.ScalingAsync()).WithTags("Live").WithSummary("Queued GPU work in items and in seconds at the measured rate, for an autoscaler.");
    }
}

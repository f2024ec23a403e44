using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>The dead letters.</summary>
internal static class FailureEndpoints
{
    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        api.MapGet("/failures", async (long? job, int? limit) => await new ItemViews(running.Ledger).SummariesAsync(
            [.. running.Ledger.Items(new ItemQuery(Job: job, Outcome: Outcome.Failed, Limit: Math.Clamp(limit ?? 200, 1, 1000)))])).WithTags("Failures").WithSummary("What failed, with the last reason.");
        api.MapPost("/failures/retry", (RetryRequest request) => RetryAsync(running, request)).Produces<RetryAnswer>().WithTags("Failures").WithSummary("Tries failed items again.");
    }

    public static async Task<IResult> RetryAsync(RunningHost running, RetryRequest request)
    {
        List<LedgerItem> items = [];
        if (request.All)
        {
            items = [.. running.Ledger.Items(new ItemQuery(Job: request.Job, Outcome: Outcome.Failed))];
        }
        else if (request.Ids is not { Count: > 0 })
        {
            return Problems.BadRequest("Name items in ids, or ask for all.");
        }

        foreach (var id in request.All ? [] : request.Ids!)
        {
            if (await running.Ledger.FindAsync(id) is not { } item)
            {
                return Api.NoItem(id);
            }

            if (item.State.Outcome != Outcome.Failed)
            {
                return Problems.Conflict($"{item.Id} has not failed; it is {Words.Of(item.State.Outcome)}.");
            }

            items.Add(item);
        }

        var retried = await running.Host.RetryAsync(items);
        running.Wake();
        return TypedResults.Ok(new RetryAnswer(retried));
    }
}

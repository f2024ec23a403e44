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
    private const int Usual = 200;
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        api.MapGet("/failures", (long? job, int? limit) => ListAsync(running, job, limit ?? Usual)).Produces<IReadOnlyList<ItemSummary>>().WithTags("Failures").WithSummary("What failed, with the last reason.");
        api.MapPost("/failures/retry", (RetryRequest request) => RetryAsync(running, request)).Produces<RetryAnswer>().WithTags("Failures").WithSummary("Tries failed items again.");
    }

    private static async Task<IResult> ListAsync(RunningHost running, long? job, int limit)
    {
        if (job is { } id && await Api.JobAsync(running.Ledger, id) is null)
        {
            return Api.NoJob(id);
        }

        return limit is < 1 or > Most
            ? Api.WrongLimit(Most)
            : TypedResults.Ok(await new ItemViews(running.Ledger).SummariesAsync([.. running.Ledger.Items(new ItemQuery(Job: job, Outcome: Outcome.Failed, Limit: limit))]));
    }

    public static async Task<IResult> RetryAsync(RunningHost running, RetryRequest request)
    {
        List<LedgerItem> items = [];
        if (request.Ids is not null && request.All)
        {
            return Problems.BadRequest("Either name items in ids, or ask for all, not both.");
        }

        if (request.Job is { } job && await Api.JobAsync(running.Ledger, job) is null)
        {
            return Api.NoJob(job);
        }

        if (request.All)
        {
            items = [.. running.Ledger.Items(new ItemQuery(Job: request.Job, Outcome: Outcome.Failed))];
        }
        else if (request.Ids is not { Count: > 0 } || request.Ids.Contains(null!))
        {
            return Problems.BadRequest("Name items in ids, or ask for all.");
        }

        foreach (var id in request.All ? [] : request.Ids!.Distinct(StringComparer.Ordinal))
        {
            if (await running.Ledger.FindAsync(id) is not { } item)
            {
                return Api.NoItem(id);
            }

            if (request.Job is { } one && item.Job != one)
            {
                return Problems.Conflict($"{item.Id} belongs to job {item.Job}, not to job {one}.");
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

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Clips and videos.</summary>
internal static class ItemEndpoints
{
    private const int MaxBrief = 1000;
    private const int MaxDetailed = 10_000;
    private const int MaxEditor = 64;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var items = api.MapGroup("/items").WithTags("Items");
        items.MapGet("/", ([AsParameters] ItemsQuery query) => PageAsync(running, query)).Produces<ItemPage>().WithSummary("Clips or videos by filter, a page at a time.");
        items.MapGet("/{id}", async (string id) => await new ItemViews(running.Ledger).DetailAsync(id) is { } item ? TypedResults.Ok(item) : Api.NoItem(id)).Produces<ItemDetail>().WithSummary("Everything known of a clip or a video.");
        items.MapGet("/{id}/trail", async (string id) => await running.Ledger.FindAsync(id) is { } item ? TypedResults.Ok(new ItemViews(running.Ledger).Trail(item.Seq)) : Api.NoItem(id))
            .Produces<IReadOnlyList<TrailEntry>>().WithSummary("Every decision, first to last.");
        api.MapPut("/clips/{id}/caption", (string id, [FromBody] CaptionEditRequest request) => EditAsync(running, id, request)).Produces<ItemDetail>().WithTags("Items").WithSummary("Replaces a caption; the old one stays in the trail.");
    }

    private static async Task<IResult> PageAsync(RunningHost running, ItemsQuery query)
    {
        var (filter, sort, trouble) = query.Parse();
        if (trouble is not null)
        {
            return Problems.BadRequest(trouble);
        }

        var views = new ItemViews(running.Ledger);
        if (query.Kind == "video" || query.Parent is not null)
        {
            return await ListAsync(running, query, filter!.Stage, filter.Outcome, views);
        }

        await running.Index.RefreshAsync();
        try
        {
            var page = running.Index.Page(filter!, sort!, await Api.OptionsAsync(running.Ledger), query.After, query.Size);
            return TypedResults.Ok(new ItemPage(page.Total, await views.SummariesAsync(running.Ledger.ItemsBySeq(page.Clips)), page.Next));
        }
        catch (FormatException exception)
        {
            return Problems.BadRequest(exception.Message);
        }
    }

    /// <summary>Videos, or the clips of one, in the order of their names.</summary>
    private static async Task<IResult> ListAsync(RunningHost running, ItemsQuery query, StageId? stage, Outcome? outcome, ItemViews views)
    {
        var kind = query.Kind == "video" ? ItemKind.Video : ItemKind.Clip;
        // Reasons are those of rejections, as in the funnel.
        outcome ??= query.Reason is null ? null : Outcome.Rejected;
        long? parent = null;
        if (query.Parent is { } id)
        {
            if (await running.Ledger.FindAsync(id) is not { Kind: ItemKind.Video } video)
            {
                return Api.NoItem(id);
            }

            parent = video.Seq;
        }

        var rows = running.Ledger.Items(new ItemQuery(kind, query.Job, outcome, stage, parent, query.Size + 1, query.After, query.Reason)).ToList();
        var total = parent is null
            ? FunnelViews.Count(running.Ledger.Tallies, kind, query.Job, outcome, stage, query.Reason)
            : running.Ledger.Items(new ItemQuery(kind, query.Job, outcome, stage, parent)).Count();
        var shown = rows.Take(query.Size).ToList();
        return TypedResults.Ok(new ItemPage(total, await views.SummariesAsync(shown), rows.Count > shown.Count ? shown[^1].Id : null));
    }

    private static async Task<IResult> EditAsync(RunningHost running, string id, CaptionEditRequest request)
    {
        if (await running.Ledger.FindAsync(id) is not { Kind: ItemKind.Clip } clip)
        {
            return Api.NoItem(id);
        }

        List<string> errors = [.. Check("brief", request.Brief, MaxBrief), .. Check("detailed", request.Detailed, MaxDetailed), .. Check("editor", request.Editor, MaxEditor, lines: false)];
        if (errors.Count > 0)
        {
            return Problems.BadRequest(errors);
        }

        await running.Ledger.EditCaptionAsync(clip.Seq, request.Brief.Trim(), request.Detailed.Trim(), request.Editor.Trim());
        return TypedResults.Ok(await new ItemViews(running.Ledger).DetailAsync(id));
    }

    private static IEnumerable<string> Check(string field, string text, int limit, bool lines = true)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim().Length > limit)
        {
            yield return $"{field} has 1 to {limit:N0} characters.";
        }
        else if (text.Any(c => char.IsControl(c) && !(lines && c is ('\n' or '\t' or '\r'))) || text.Any(char.IsSurrogate) && !IsWellFormed(text))
        {
            yield return $"{field} holds control characters or broken ones.";
        }
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
            return true;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return false;
        }
    }
}

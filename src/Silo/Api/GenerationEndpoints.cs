using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.TextToVideo;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Batch generations.</summary>
internal static class GenerationEndpoints
{
    private const int MostItems = 1000;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var generations = api.MapGroup("/generations").WithTags("Generations");
        generations.MapGet("/", async () => (await Ledger(running).GenerationsAsync()).Select(TextToVideoViews.Of)).Produces<IReadOnlyList<GenerationView>>().WithSummary("All batch generations, newest first.");
        generations.MapPost("/", (GenerationRequest request) => SubmitAsync(running, request)).Produces<GenerationView>(201).WithSummary("Submits a batch generation; the same one again goes on.");
        generations.MapGet("/{id:long}", async (long id) => await Ledger(running).GenerationAsync(id) is { } row ? TypedResults.Ok(TextToVideoViews.Of(row)) : None(id)).Produces<GenerationView>().WithSummary("One batch generation.");
        generations.MapGet("/{id:long}/items", (long id, string? state, int? prompt, int? prompts, long? after, int? limit) => ItemsAsync(running, id, state, prompt, prompts ?? 1, after ?? 0, limit ?? 200))
            .Produces<GenerationItemPage>().WithSummary("Its videos, by model, prompt and seed; with prompt and prompts, those of some prompts alone.");
        generations.MapPost("/{id:long}/cancel", async (long id) => await Ledger(running).GenerationAsync(id) is null ? None(id)
            : await Ledger(running).CancelGenerationAsync(id) ? await OneAsync(running, id) : Problems.Conflict($"Generation {id} is not running.")).Produces<GenerationView>().WithSummary("Stops it; what is done stays.");
        generations.MapPost("/{id:long}/retry", (long id) => RetryAsync(running, id)).Produces<GenerationView>().WithSummary("Tries again what failed, and takes a cancelled one up again.");
        generations.MapGet("/items/{item:long}/video", (long item, HttpContext context) => VideoAsync(running, item, context)).WithSummary("A generated video as video/mp4; takes range requests.");
    }

    private static IGenerationLedger Ledger(RunningHost running) => running.Host.TextToVideo.Generations;

    private static IResult None(long id) => Problems.NotFound($"There is no generation {id}; /api/generations lists them.");

    private static async Task<IResult> OneAsync(RunningHost running, long id) => TypedResults.Ok(TextToVideoViews.Of((await Ledger(running).GenerationAsync(id))!));

    private static async Task<IResult> SubmitAsync(RunningHost running, GenerationRequest request)
    {
        var (job, errors) = await new TextToVideoRequests(running.Host.TextToVideo).SubmitAsync(request);
        if (job is null)
        {
            return Problems.BadRequest(errors);
        }

        running.Wake();
        return TypedResults.Created($"/api/generations/{job.Id}", job);
    }

    private static async Task<IResult> RetryAsync(RunningHost running, long id)
    {
        if (await Ledger(running).GenerationAsync(id) is null)
        {
            return None(id);
        }

        await Ledger(running).RetryGenerationAsync(id);
        running.Wake();
        return await OneAsync(running, id);
    }

    private static async Task<IResult> ItemsAsync(RunningHost running, long id, string? state, int? prompt, int prompts, long after, int limit)
    {
        GenerationItemState? wanted = null;
        if (state is not null)
        {
            if (!Enum.TryParse<GenerationItemState>(state, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return Problems.BadRequest($"There is no state {state}; there are pending, leased, done and failed.");
            }

            wanted = parsed;
        }

        if (prompt is < 0 || prompts is < 1 or > MostItems)
        {
            return Problems.BadRequest($"prompt counts from 0, and prompts is between 1 and {MostItems}.");
        }

        if (limit is < 1 or > MostItems)
        {
            return Api.WrongLimit(MostItems);
        }

        if (await Ledger(running).GenerationAsync(id) is not { } job)
        {
            return None(id);
        }

        var texts = await Ledger(running).GenerationPromptsAsync(id);
        var items = await Ledger(running).GenerationItemsAsync(new GenerationItemQuery(id, wanted, prompt, prompts, after, limit));
        return TypedResults.Ok(new GenerationItemPage([.. items.Select(item => TextToVideoViews.Of(item, job, texts))], items.Count == limit ? items[^1].Seq : null));
    }

    private static async Task<IResult> VideoAsync(RunningHost running, long item, HttpContext context) => await Ledger(running).GenerationItemAsync(item) switch
    {
        null => Problems.NotFound($"There is no generated video {item}."),
        { Media: null } => Problems.NotFound($"Item {item} has not been generated yet."),
        { Media: { } media } => await SendAsync(running, media, context),
    };

    /// <summary>A video of the media store.</summary>
    internal static async Task<IResult> SendAsync(RunningHost running, MediaRef media, HttpContext context)
    {
        try
        {
            return PictureEndpoints.File(await running.Host.Media.OpenLocalAsync(media, context.RequestAborted), "video/mp4", media.Sha256, context);
        }
        catch (FileNotFoundException lost)
        {
            return Problems.NotFound(lost.Message);
        }
    }
}

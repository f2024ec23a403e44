using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.TextToVideo;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>Training runs.</summary>
internal static class TrainingEndpoints
{
    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var trainings = api.MapGroup("/trainings").WithTags("Trainings");
        trainings.MapGet("/", async () => (await Ledger(running).TrainingsAsync()).Select(TextToVideoViews.Of)).Produces<IReadOnlyList<TrainingView>>().WithSummary("All training runs, newest first.");
        trainings.MapPost("/", (TrainingRequest request) => SubmitAsync(running, request)).Produces<TrainingView>(201).WithSummary("Submits a training run.");
        trainings.MapGet("/{id:long}", async (long id, long? after) => await TextToVideoViews.DetailAsync(Ledger(running), id, after ?? 0) is { } detail ? TypedResults.Ok(detail) : None(id))
            .Produces<TrainingDetail>().WithSummary("A training run with its curve, checkpoints and validation clips; with after, steps beyond that one alone.");
        trainings.MapPost("/{id:long}/cancel", (long id) => ChangeAsync(running, id, new TrainingEvent.CancelRequested(), "cancelled")).Produces<TrainingView>().WithSummary("Stops it after the step in hand, with a checkpoint.");
        trainings.MapPost("/{id:long}/resume", (long id) => ChangeAsync(running, id, new TrainingEvent.ResumeRequested(), "taken up again")).Produces<TrainingView>().WithSummary("Takes up one that failed or was cancelled, from its last checkpoint.");
        trainings.MapGet("/{id:long}/clips/{n:int}/video", (long id, int n, HttpContext context) => ClipAsync(running, id, n, context)).WithSummary("A validation clip as video/mp4; takes range requests.");
    }

    private static ITrainingLedger Ledger(RunningHost running) => running.Host.TextToVideo.Trainings;

    private static IResult None(long id) => Problems.NotFound($"There is no training run {id}; /api/trainings lists them.");

    private static async Task<IResult> SubmitAsync(RunningHost running, TrainingRequest request)
    {
        var (run, errors) = await new TextToVideoRequests(running.Host.TextToVideo).SubmitAsync(request);
        if (run is null)
        {
            return Problems.BadRequest(errors);
        }

        running.Wake();
        return TypedResults.Created($"/api/trainings/{run.Id}", run);
    }

    private static async Task<IResult> ChangeAsync(RunningHost running, long id, TrainingEvent happened, string word)
    {
        if (await Ledger(running).TrainingAsync(id) is not { } row)
        {
            return None(id);
        }

        if (!await Ledger(running).ChangeTrainingAsync(id, happened))
        {
            return Problems.Conflict($"Training run {id} is {TextToVideoViews.Word(row.Life.Phase)}; it cannot be {word}.");
        }

        running.Wake();
        return TypedResults.Ok(TextToVideoViews.Of((await Ledger(running).TrainingAsync(id))!));
    }

    private static async Task<IResult> ClipAsync(RunningHost running, long id, int n, HttpContext context)
    {
        var clips = await Ledger(running).TrainingClipsAsync(id);
        return n >= 0 && n < clips.Count ? await GenerationEndpoints.SendAsync(running, clips[n].Media, context) : Problems.NotFound($"Training run {id} has no validation clip {n}; /api/trainings/{id} lists them.");
    }
}

using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Submitting;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

internal static class JobEndpoints
{
    private const int MostSkipped = 10_000;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("/", () => AllAsync(running)).WithSummary("All jobs, newest first.");
        jobs.MapPost("/", (SubmitRequest request) => SubmitAsync(running, request)).Produces<Submission>(201).Produces<Submission>().WithSummary("Submits a crawl, or checks one.");
        api.MapGet("/options", () => OptionsPatch.Names(new CurationOptions()).ToDictionary(option => option.Name, option => option.Value)).WithTags("Jobs").WithSummary("Every option of a job with its default.");
        jobs.MapGet("/{id:long}", async (long id) => (await AllAsync(running)).FirstOrDefault(job => job.Id == id) is { } job ? TypedResults.Ok(job) : Api.NoJob(id)).Produces<JobView>().WithSummary("One job.");
        jobs.MapGet("/{id:long}/skipped", async (long id, int? limit) => await Api.JobAsync(running.Ledger, id) is null ? Api.NoJob(id)
            : limit is < 1 or > MostSkipped ? Api.WrongLimit(MostSkipped)
            : TypedResults.Ok(running.Ledger.Skipped(id, limit ?? 200).Select(row => new SkippedRow(row.Where, row.Reason)))).Produces<IReadOnlyList<SkippedRow>>().WithSummary("What its source holds that could not be used.");
        jobs.MapPost("/{id:long}/pause", (long id) => ChangeAsync(running, id, JobEvent.PauseRequested, "paused")).Produces<JobView>().WithSummary("Hands out no more of its work.");
        jobs.MapPost("/{id:long}/resume", (long id) => ChangeAsync(running, id, JobEvent.ResumeRequested, "resumed")).Produces<JobView>().WithSummary("Goes on with a paused, cancelled or failed job.");
        jobs.MapPost("/{id:long}/cancel", (long id) => ChangeAsync(running, id, JobEvent.CancelRequested, "cancelled")).Produces<JobView>().WithSummary("Ends a job; what is done stays.");
        jobs.MapPost("/{id:long}/retry", async (long id) => await Api.JobAsync(running.Ledger, id) is null ? Api.NoJob(id) : await FailureEndpoints.RetryAsync(running, new RetryRequest(Job: id, All: true)))
            .Produces<RetryAnswer>().WithSummary("Tries everything of a job again that failed.");
    }

    private static async Task<IReadOnlyList<JobView>> AllAsync(RunningHost running)
    {
        var rows = await running.Ledger.JobsAsync();
        var live = new LiveViews(running);
        var forecast = rows.Any(job => job.State == JobState.Running) ? live.Forecast() : null;
        return JobViews.Of(rows, running.Ledger.Tallies, job => forecast is null ? null : live.Eta(forecast, job));
    }

    private static async Task<IResult> SubmitAsync(RunningHost running, SubmitRequest request)
    {
        var (submission, errors) = await new Submissions(running.Host).SubmitAsync(request);
        if (submission is null)
        {
            return Problems.BadRequest(errors);
        }

        if (request.CheckOnly)
        {
            return TypedResults.Ok(submission);
        }

        running.Wake();
        return TypedResults.Created($"/api/jobs/{submission.Jobs[0].Id}", submission);
    }

    private static async Task<IResult> ChangeAsync(RunningHost running, long id, JobEvent happened, string word)
    {
        if (await Api.JobAsync(running.Ledger, id) is not { } job)
        {
            return Api.NoJob(id);
        }

        if (JobLifecycle.Apply(job.State, happened).State == job.State)
        {
            return Problems.Conflict($"Job {id} is {Words.Of(job.State)}; it cannot be {word}.");
        }

        await running.Ledger.ChangeJobAsync(id, happened);
        running.Wake();
        return TypedResults.Ok((await AllAsync(running)).Single(view => view.Id == id));
    }
}

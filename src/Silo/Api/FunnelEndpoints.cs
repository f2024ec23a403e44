using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Operations;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>The funnel, what-ifs, and re-decisions.</summary>
internal static class FunnelEndpoints
{
    private const int Bins = 64;
    private const int MaxEdges = 50;

    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        api.MapGet("/funnel", (long? job) => FunnelAsync(running, job)).Produces<FunnelView>().WithTags("Funnel").WithSummary("In, removed by stage and reason, and remaining.");
        api.MapGet("/thresholds", (long? job) => ThresholdsAsync(running, job)).Produces<IReadOnlyList<Threshold>>().WithTags("Funnel").WithSummary("Thresholds that a what-if can move, with the scores' histograms.");
        api.MapPost("/what-if", (WhatIfRequest request) => WhatIfAsync(running, request)).Produces<WhatIfView>().WithTags("Funnel").WithSummary("How many clips other thresholds would leave, from the stored scores.");
        api.MapPost("/jobs/{id:long}/redecision", (long id, RedecisionRequest request) => RedecideAsync(running, id, request)).Produces<Operation>(202).WithTags("Funnel").WithSummary("Decides a job anew under other options.");
        api.MapPost("/redecision", (RedecisionRequest request) => RedecideAsync(running, null, request)).Produces<Operation>(202).WithTags("Funnel").WithSummary("Decides all jobs anew under other options.");
    }

    private static async Task<IResult> FunnelAsync(RunningHost running, long? job)
    {
        var options = await Api.OptionsAsync(running.Ledger);
        if (job is { } one && !options.ContainsKey(one))
        {
            return Api.NoJob(one);
        }

        await running.Index.RefreshAsync();
        await running.Index.RefreshAsync();
        var order = job is { } id ? options[id].Order : options.Count > 0 && options.Values.All(o => o.Order == StageOrderKind.FilterFirst) ? StageOrderKind.FilterFirst : StageOrderKind.Paper;
        return TypedResults.Ok(FunnelViews.Of(running.Ledger.Tallies, order, job, running.Index.Duplicates(job)));
    }

    private static async Task<IResult> ThresholdsAsync(RunningHost running, long? job)
    {
        var options = await Api.OptionsAsync(running.Ledger);
        if (job is { } one && !options.ContainsKey(one))
        {
            return Api.NoJob(one);
        }

        await running.Index.RefreshAsync();
        var current = job is { } id ? options[id] : options.Count > 0 ? options[options.Keys.Max()] : new CurationOptions();
        var demo = running.Host.Models?.Pack.IsDemo ?? false;
        // Two thresholds may look at one score; it is counted once.
        var histograms = MovableThreshold.All.Select(threshold => (threshold.Score, threshold.Min, threshold.Max)).Distinct()
            .ToDictionary(score => score, score => running.Index.Histogram(job, score.Score, options, score.Min, score.Max, Bins));
        return TypedResults.Ok<IReadOnlyList<Threshold>>([.. MovableThreshold.All.Select(threshold => new Threshold(
            threshold.Name, threshold.Stage.Name(), threshold.Score.ToString().ToLowerInvariant(), threshold.Rejects(current), threshold.Value(current), threshold.Min, threshold.Max, threshold.Step,
            histograms[(threshold.Score, threshold.Min, threshold.Max)], demo && threshold.Score is ClipScore.Aesthetic or ClipScore.Technical))]);
    }

    private static async Task<IResult> WhatIfAsync(RunningHost running, WhatIfRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var jobs = (await running.Ledger.JobsAsync()).Where(job => request.Job is null || job.Id == request.Job).ToList();
        if (request.Job is { } wanted && jobs.Count == 0)
        {
            return Api.NoJob(wanted);
        }

        if (request.Edges is < 0 or > MaxEdges)
        {
            return Problems.BadRequest($"edges is between 0 and {MaxEdges}.");
        }

        if (request.Changes.Keys.FirstOrDefault(name => MovableThreshold.All.All(threshold => threshold.Name != name)) is { } unknown)
        {
            return Problems.BadRequest($"'{unknown}' cannot be moved without measuring anew; these can: {string.Join(", ", MovableThreshold.All.Select(threshold => threshold.Name))}.");
        }

        var options = new Dictionary<long, CurationOptions>();
        foreach (var job in jobs)
        {
            var (changed, errors) = OptionsPatch.Apply(job.Options, request.Changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Key}={change.Value:R}")));
            if (errors.Count > 0)
            {
                return Problems.BadRequest(errors);
            }

            options[job.Id] = changed;
        }

        await running.Index.RefreshAsync();
        var edge = request.Changes.Keys.LastOrDefault() is { } last ? MovableThreshold.All.Single(threshold => threshold.Name == last) : null;
        var result = running.Index.WhatIf(options, edge, request.Edges);
        var views = new ItemViews(running.Ledger);
        var inside = await views.SummariesAsync(running.Ledger.ItemsBySeq(result.Inside));
        var outside = await views.SummariesAsync(running.Ledger.ItemsBySeq(result.Outside));
        return TypedResults.Ok(new WhatIfView(
            result.AcceptedNow, result.Accepted, result.Gained, result.Lost, result.Unmeasured,
            [.. result.RejectedByStage.OrderBy(stage => stage.Key).Select(stage => new ReasonCount(stage.Key.Name(), stage.Value))], inside, outside, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1)));
    }

    private static async Task<IResult> RedecideAsync(RunningHost running, long? id, RedecisionRequest request)
    {
        var jobs = (await running.Ledger.JobsAsync()).Where(job => id is null || job.Id == id).ToList();
        if (jobs.Count == 0)
        {
            return id is { } one ? Api.NoJob(one) : Problems.Conflict("There is no job to decide anew.");
        }

        if (running.Engine is null)
        {
            return Problems.Conflict("Another process works on this directory; decide anew there, or stop it first.");
        }

        var changes = request.Changes.Select(change => $"{change.Key}={change.Value}").ToList();
        var planned = new List<(JobRow Job, CurationOptions Options)>();
        foreach (var job in jobs)
        {
            var (options, errors) = OptionsPatch.Apply(job.Options, changes);
            if (errors.Count > 0)
            {
                return Problems.BadRequest(errors);
            }

            planned.Add((job, options));
        }

        var title = (id is { } number ? $"Job {number}" : "All jobs") + (changes.Count == 0 ? "" : ": " + string.Join(", ", changes));
        var operation = running.Operations.Start("redecision", "", title, (progress, stop) => RunAsync(running, planned, progress, stop));
        return operation is null
            ? Problems.Conflict("A re-decision is running; wait for its end.")
            : TypedResults.Accepted($"/api/operations/{operation.Id}", operation);
    }

    private static async Task<object?> RunAsync(RunningHost running, List<(JobRow Job, CurationOptions Options)> planned, IProgress<OperationStep> progress, CancellationToken stop)
    {
        var reports = new List<JobRedecision>();
        foreach (var (job, options) in planned)
        {
            progress.Report(new OperationStep(reports.Count / (double)planned.Count, $"job {job.Id}: waiting for its work in flight"));
            await using (await running.Engine!.HoldAsync(job.Id, stop))
            {
                var share = new Share(progress, reports.Count, planned.Count, job.Id);
                var report = await running.Host.RedecideAsync(job, options, stop, share);
                reports.Add(new JobRedecision(job.Id, report.Examined, report.Changed, report.AcceptedBefore, report.AcceptedAfter, report.Unmeasured));
            }

            running.Engine.Wake();
        }

        await running.Index.ReloadAsync(stop);
        return new RedecisionResult(reports);
    }

    private sealed class Share(IProgress<OperationStep> progress, int done, int jobs, long job) : IProgress<double>
    {
        private int _told = -1;

        public void Report(double value)
        {
            var percent = (int)(value * 100);
            if (percent != _told)
            {
                _told = percent;
                progress.Report(new OperationStep((done + value) / jobs, $"job {job}: {percent} % of its videos decided"));
            }
        }
    }
}

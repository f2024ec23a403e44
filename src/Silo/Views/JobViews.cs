using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Reporting;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.Views;

/// <summary>Jobs as the API shows them.</summary>
public static class JobViews
{
    /// <summary>All jobs, newest first.</summary>
    /// <param name="eta">A job's time to its end, or null where nothing is known.</param>
    public static IReadOnlyList<JobView> Of(IReadOnlyList<JobRow> jobs, IReadOnlyList<Tally> tallies, Func<JobRow, Eta?> eta)
    {
        var byJob = tallies.ToLookup(tally => tally.Job);
        return [.. jobs.OrderByDescending(job => job.Id).Select(job => Of(job, [.. byJob[job.Id]], eta(job)))];
    }

    /// <param name="tallies">The job's own.</param>
    public static JobView Of(JobRow job, IReadOnlyList<Tally> tallies, Eta? eta)
    {
        var funnel = Funnel.Of(tallies, job.Options.Order, job.Id);
        return new JobView(
            job.Id, job.Name, job.Source.Kind, job.Source.Location, Words.Of(job.State), job is { State: JobState.Running, Listed: false }, job.Found, job.Known, job.Skipped, job.Error, job.CreatedAt,
            funnel.Videos, funnel.VideosEnded, funnel.Clips, funnel.ClipsEnded, funnel.Accepted,
            funnel.RejectedClips, funnel.Failed,
            // Nothing is left of a job that came to its end, also where it found nothing.
            job.State == JobState.Completed ? 1 : funnel.Progress, eta, OptionsPatch.Names(job.Options).ToDictionary(option => option.Name, option => option.Value));
    }
}

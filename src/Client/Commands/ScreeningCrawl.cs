using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Crawl;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen crawl --from-screening DIR</c>: one job for each channel that is worth it. Repeated, it continues the same jobs.</summary>
internal static class ScreeningCrawl
{
    /// <summary>Submits the crawls of the channels that the screening found, and says which.</summary>
    public static async Task<IReadOnlyList<JobRow>> SubmitAsync(CurationHost host, Output output, string folder, ChannelChoice choice, CurationOptions options)
    {
        var plan = CrawlPlanner.Plan(new ScreeningFolder(folder), choice);
        foreach (var left in plan.LeftOut)
        {
            output.Line($"left out {left}");
        }

        output.Value(new { Type = "plan", plan.Considered, plan.Chosen, plan.ManifestRows, plan.LeftOut, Jobs = plan.Crawls.Count });
        output.Line($"{plan.Chosen} of {plan.Considered} channels have a medical share of at least {choice.MinShare:0.##}{(choice.MaxChannels is { } most ? $" and are among the best {most}" : "")}.");
        var jobs = new List<JobRow>();
        foreach (var crawl in plan.Crawls)
        {
            var job = await host.SubmitAsync(crawl.Name, crawl.Source, options);
            output.Value(new { Type = "submitted", Job = job.Id, job.Name, job.Source });
            output.Line($"job {job.Id}: {job.Name} ({job.Source.Kind} {job.Source.Location})");
            jobs.Add(job);
        }

        return jobs;
    }
}

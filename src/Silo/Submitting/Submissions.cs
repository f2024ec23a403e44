using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Crawl;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Views;

namespace MedGenCluster.Silo.Submitting;

/// <summary>Checks what somebody wants crawled, and submits it. Nothing is submitted where anything is wrong.</summary>
public sealed class Submissions(CurationHost host)
{
    private const int LeftOutNamed = 5;

    /// <param name="options">Options that a request's own are applied to.</param>
    /// <returns>The submission, or everything that is wrong with the request, each in a sentence.</returns>
    public async Task<(Submission? Submission, IReadOnlyList<string> Errors)> SubmitAsync(SubmitRequest request, CurationOptions? options = null)
    {
        var (wanted, errors) = OptionsPatch.Apply(options ?? new CurationOptions(), (request.Options ?? new Dictionary<string, string>()).Select(option => $"{option.Key}={option.Value}"));
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var (plan, trouble) = Plan(request);
        if (plan is null)
        {
            return (null, [trouble!]);
        }

        var known = await host.Ledger.JobsAsync().ConfigureAwait(false);
        var continues = plan.Crawls.Any(crawl => known.Any(job => job.Source == crawl.Source && job.Options == wanted));
        IReadOnlyList<JobView> jobs = [];
        if (!request.CheckOnly)
        {
            var rows = new List<JobRow>();
            foreach (var crawl in plan.Crawls)
            {
                rows.Add(await host.SubmitAsync(crawl.Name, crawl.Source, wanted).ConfigureAwait(false));
            }

            jobs = JobViews.Of(rows, host.Ledger.Tallies, _ => null);
        }

        return (new Submission(plan.Kind, plan.Source, plan.Crawls.Count == 1 ? plan.Crawls[0].Name : $"{plan.Crawls.Count} channels", continues, jobs, plan.Notes), []);
    }

    private sealed record Planned(string Kind, string Source, IReadOnlyList<PlannedCrawl> Crawls, IReadOnlyList<string> Notes);

    private (Planned? Plan, string? Trouble) Plan(SubmitRequest request)
    {
        var (source, screening) = (Text(request.Source), Text(request.Screening));
        if ((source is null) == (screening is null))
        {
            return (null, "name either a source or a screening's folder.");
        }

        if ((source ?? screening)!.Contains('\0'))
        {
            return (null, $"the {(source is null ? "screening" : "source")} holds a character that no path or address has.");
        }

        try
        {
            return (source is not null ? PlanSource(source, Text(request.Name)) : PlanScreening(screening!, request), null);
        }
        catch (SourceException exception)
        {
            return (null, exception.Message);
        }
    }

    private Planned PlanSource(string text, string? name)
    {
        var spec = SourceSelection.Of(text, host.Network.YouTube.AllowOtherSites);
        return new Planned(spec.Kind, spec.Location, [new PlannedCrawl(name ?? SourceSelection.Name(spec), spec)], []);
    }

    private static Planned PlanScreening(string folder, SubmitRequest request)
    {
        var choice = new ChannelChoice { MinShare = request.MinShare ?? new ChannelChoice().MinShare, MaxChannels = request.MaxChannels };
        if (choice.MinShare is < 0 or > 1 || double.IsNaN(choice.MinShare) || choice.MaxChannels < 1)
        {
            throw new SourceException("the least share is between 0 and 1, and channels at the most are at least 1.");
        }

        var plan = CrawlPlanner.Plan(new ScreeningFolder(folder), choice);
        if (plan.Crawls.Count == 0 && plan.LeftOut.Count > 0)
        {
            throw new SourceException($"nothing of the {plan.Chosen} channels with a medical share of at least {choice.MinShare:0.##} can be crawled: {string.Join("; ", plan.LeftOut.Take(LeftOutNamed))}.");
        }

        return plan.Crawls.Count == 0
            ? throw new SourceException($"none of the {plan.Considered} channels has a medical share of at least {choice.MinShare:0.##}; choose a lower one.")
            : new Planned(
                "screening", Path.GetFullPath(folder), plan.Crawls,
                [$"{plan.Chosen} of {plan.Considered} channels have a medical share of at least {choice.MinShare:0.##}.", .. plan.LeftOut.Select(left => "left out " + left)]);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

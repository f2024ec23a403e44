using System.CommandLine;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen crawl SOURCE</c>: submits a crawl, or those of a screening's channels, and works on them.</summary>
internal static class CrawlCommand
{
    public static readonly Option<string[]> Set = new("--set")
    {
        Description = "Changes an option of the job, for example --set aesthetics.minScore=4; repeatable.",
        HelpName = "name=value",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Command Build()
    {
        var source = new Argument<string?>("source")
        {
            Description = "A folder of videos (with .info.json and .vtt beside them), a manifest (NDJSON or CSV, gzip accepted), a YouTube channel, playlist or video, or the address of a video file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var screening = new Option<string?>("--from-screening") { Description = "Crawl the channels that `medgen screen --out dir` found, a job for each.", HelpName = "dir" };
        var minShare = new Option<double>("--min-share") { Description = "With --from-screening: least medical share of a channel, 0 to 1.", DefaultValueFactory = _ => 0.3, HelpName = "share" };
        var maxChannels = new Option<int?>("--max-channels") { Description = "With --from-screening: this many of the best channels.", HelpName = "n" };
        var name = new Option<string?>("--name") { Description = "Name of the job; default: the source's name." };
        var filterFirst = new Option<bool>("--filter-first") { Description = "Run the cheap filters before the captioner; same accepted set." };
        var keep = new Option<bool>("--keep-resolution") { Description = "Cut clips at the source's resolution instead of 720x480." };
        var licence = new Option<string?>("--only-license") { Description = "Keep Creative Commons uploads alone (cc); what states no licence is turned away.", HelpName = "cc" };
        licence.AcceptOnlyFromAmong("cc");
        var detach = new Option<bool>("--detach") { Description = "Only submit; `medgen up` does the work." };
        var caption = new CaptionerSelection();
        var command = new Command("crawl", "Submit a crawl and work on it until it is done.") { source, screening, minShare, maxChannels, name, Set, filterFirst, keep, licence, detach };
        caption.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            var (options, errors) = OptionsPatch.Apply(
                new CurationOptions
                {
                    Order = parsed.GetValue(filterFirst) ? StageOrderKind.FilterFirst : StageOrderKind.Paper,
                    Cut = new CutOptions { KeepResolution = parsed.GetValue(keep) },
                    Caption = caption.Read(parsed),
                    Licence = new LicenceOptions { Only = parsed.GetValue(licence) is null ? LicencePolicy.Any : LicencePolicy.CreativeCommons },
                },
                parsed.GetValue(Set) ?? []);
            if (errors.Count > 0)
            {
                return Output.Fail(string.Join(Environment.NewLine + "        ", errors), ExitCodes.Usage);
            }

            if ((parsed.GetValue(source) is null) == (parsed.GetValue(screening) is null))
            {
                return Output.Fail("name either a source or a screening's folder with --from-screening.", ExitCodes.Usage);
            }

            var remote = parsed.GetValue(Shared.Server) is not null;
            var request = new SubmitRequest(
                Place(parsed.GetValue(source), remote), Place(parsed.GetValue(screening), remote), parsed.GetValue(name), parsed.GetValue(minShare), parsed.GetValue(maxChannels), Changes(options));
            await using var workplace = Shared.Workplace(parsed);
            return await RunAsync(workplace, output, request, parsed.GetValue(detach), cancellationToken);
        });
        return command;
    }

    /// <summary>NAME=VALUE pairs by name; of one that is given twice the last counts.</summary>
    /// <exception cref="UsageException">A pair is none.</exception>
    public static IReadOnlyDictionary<string, string> Changes(IEnumerable<string> assignments)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException($"--set '{assignment}' is not NAME=VALUE, for example aesthetics.minScore=4.");
            }

            changes[assignment[..equals].Trim()] = assignment[(equals + 1)..].Trim();
        }

        return changes;
    }

    private static async Task<int> RunAsync(IWorkplace workplace, Output output, SubmitRequest request, bool detach, CancellationToken cancellationToken)
    {
        var submission = await workplace.SubmitAsync(request, cancellationToken);
        foreach (var note in submission.Notes)
        {
            output.Line(note);
        }

        output.Value(new { Type = "submission", submission.Kind, submission.Source, submission.Continues, submission.Notes });
        foreach (var job in submission.Jobs.OrderBy(job => job.Id))
        {
            output.Value(new { Type = "submitted", Job = job.Id, job.Name, Source = new { Kind = job.SourceKind, Location = job.Source } });
            output.Line($"job {job.Id}: {job.Name} ({job.SourceKind} {job.Source})");
        }

        if (detach)
        {
            workplace.Wake();
            return ExitCodes.Ok;
        }

        long? one = submission.Jobs is [var only] ? only.Id : null;
        return await workplace.WorkAsync(output, one, cancellationToken) ? await EndAsync() : ExitCodes.Interrupted;

        Task<int> EndAsync() => EngineSession.EndAsync(workplace, output, one, cancellationToken);
    }

    /// <summary>The options that differ from the defaults, as a submission takes them.</summary>
    private static Dictionary<string, string> Changes(CurationOptions options)
    {
        var defaults = OptionsPatch.Names(new CurationOptions()).ToDictionary(option => option.Name, option => option.Value);
        return OptionsPatch.Names(options).Where(option => defaults[option.Name] != option.Value).ToDictionary(option => option.Name, option => option.Value.Trim('[', ']').Replace("\"", "", StringComparison.Ordinal));
    }

    /// <summary>A path is taken from the folder that the command runs in; on a host nobody knows which one that is.</summary>
    /// <exception cref="UsageException">It is a relative path on a host.</exception>
    public static string? Place(string? text, bool remote) =>
        !remote || text is null || Path.IsPathRooted(text) || text.Contains("://", StringComparison.Ordinal)
            ? text
            : throw new UsageException($"with --server a path is one on the host: write '{text}' in full, or an address that begins with https://.");
}

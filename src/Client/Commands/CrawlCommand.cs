using System.CommandLine;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Screening.Crawl;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Submitting;

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

            var hostOptions = Shared.Host(parsed);
            if ((parsed.GetValue(source) is null) == (parsed.GetValue(screening) is null))
            {
                return Output.Fail("name either a source or a screening's folder with --from-screening.", ExitCodes.Usage);
            }

            if (parsed.GetValue(screening) is { } folder)
            {
                var choice = new ChannelChoice { MinShare = parsed.GetValue(minShare), MaxChannels = parsed.GetValue(maxChannels) };
                await using var screened = CurationHost.Open(hostOptions);
                return await ScreeningCrawl.RunAsync(screened, output, folder, choice, options, parsed.GetValue(detach), cancellationToken);
            }

            var spec = SourceSelection.Of(parsed.GetValue(source)!, hostOptions.Network.YouTube.AllowOtherSites);
            await using var host = CurationHost.Open(hostOptions);
            var job = await host.SubmitAsync(parsed.GetValue(name) ?? SourceSelection.Name(spec), spec, options);
            output.Value(new { Type = "submitted", Job = job.Id, job.Name, job.Source });
            output.Line($"job {job.Id}: {job.Name}");
            if (parsed.GetValue(detach))
            {
                host.WakeOthers();
                return ExitCodes.Ok;
            }

            return await EngineSession.RunAsync(host, output, job.Id, forever: false, cancellationToken);
        });
        return command;
    }
}

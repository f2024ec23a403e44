using System.CommandLine;
using System.Diagnostics;
using MedGenCluster.Client.Demo;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Crawl;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Web;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen demo</c>: renders a channel whose truth is known, curates it and compares. Every number it prints comes from that run.</summary>
internal static class DemoCommand
{
    private const string Marker = ".medgen-demo";

    public static Command Build()
    {
        var target = new Option<string>("--out") { Description = "Folder of the demo; an earlier demo in it is replaced.", DefaultValueFactory = _ => "demo-output", HelpName = "dir" };
        var seed = new Option<int>("--seed") { Description = "Seed of the rendered scenes.", DefaultValueFactory = _ => 7 };
        var command = new Command("demo", "Render a channel with known faults, find it among many candidates, curate it end to end, and compare with the truth.") { target, seed };
        var keep = new Option<bool>("--keep") { Description = "Serve the dashboard from the start of the crawl, and leave it running at the end (Ctrl-C ends it)." };
        command.Options.Add(keep);
        var loop = new Option<bool>("--loop") { Description = "Close the loop: train the tiny text-to-video model on the dataset, generate videos, and have them recognised." };
        command.Options.Add(loop);
        var web = new WebSelection();
        web.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            Shared.OnlyHere(parsed);
            if (parsed.GetValue(loop))
            {
                TrainerSelection.Demand(parsed);
            }

            var served = parsed.GetValue(keep) ? web.Read(parsed) : null;
            return RunAsync(Path.GetFullPath(parsed.GetValue(target)!), parsed.GetValue(seed), parsed.GetValue(loop), Shared.Host(parsed), served, Shared.Output(parsed), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, int seed, bool loop, HostOptions hostOptions, WebOptions? web, Output output, CancellationToken cancellationToken)
    {
        if (Prepare(folder) is { } trouble)
        {
            return Output.Fail(trouble, ExitCodes.Usage);
        }

        var watch = Stopwatch.StartNew();
        var steps = loop ? DemoLoop.Steps : 5;
        var channel = Path.Combine(folder, "channel");
        output.Line($"1/{steps}  rendering a channel into {channel}");
        var truth = await DemoChannel.RenderAsync(channel, Path.Combine(folder, "truth.json"), seed, new RenderProgress(output), cancellationToken);
        output.Line($"     {truth.Videos.Count} files, {truth.Videos.Sum(video => video.DurationSeconds):F0} s of video, in {watch.Elapsed.TotalSeconds:F0} s");

        output.Line($"2/{steps}  screening {DemoCandidates.Rows:N0} candidates");
        var candidates = Path.Combine(folder, "candidates.ndjson.gz");
        var planted = await DemoCandidates.WriteAsync(candidates, truth, channel, seed, cancellationToken);
        output.Value(new { Type = "candidates", DemoCandidates.Rows, Planted = planted, File = candidates });
        output.Line($"     generated, with {planted} of the channel's {truth.Videos.Count} videos among them, in {candidates}");
        var screening = Path.Combine(folder, "screening");
        var code = await ScreenCommand.RunAsync([candidates], new ScreeningOptions { OutputFolder = screening }, null, hostOptions, output, cancellationToken);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        output.Line($"3/{steps}  curating the channels that survive, with all their videos");
        await using var host = CurationHost.Open(hostOptions with { DataPath = Path.Combine(folder, "data") });
        var jobs = await ScreeningCrawl.SubmitAsync(host, output, screening, new ChannelChoice(), new CurationOptions());
        if (jobs is not [var job])
        {
            return Output.Fail($"the screening found {jobs.Count} channels to crawl, where the rendered one was to be found.", ExitCodes.Error);
        }

        var crawled = Stopwatch.StartNew();
        await using var serving = web is null ? null : await ServingEngine.StartAsync(host, web, output, cancellationToken);
        code = await EngineSession.RunAsync(host, output, job.Id, forever: false, cancellationToken);
        if (code is not (ExitCodes.Ok or ExitCodes.SomeFailed))
        {
            return code;
        }

        output.Value(new { Type = "curated", crawled.Elapsed.TotalSeconds });
        output.Line($"     in {crawled.Elapsed.TotalSeconds:F0} s");
        output.Line($"4/{steps}  what was planted, and what became of it");
        var right = Compare(host, truth, channel, output);

        output.Line($"5/{steps}  exporting the dataset");
        var dataset = Path.Combine(folder, "dataset");
        code = await ExportCommand.RunAsync(
            new LocalWorkplace(host), output, new ExportWish(dataset, "medgen-demo", job.Id, ["all"], Overwrite: true, Copy: false), cancellationToken);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        var closing = loop ? new DemoLoop(host, hostOptions, folder, output) : null;
        if (closing is not null && (code = await closing.RunAsync(seed, cancellationToken)) != ExitCodes.Ok)
        {
            return code;
        }

        output.Value(new { Type = "demo", Seconds = watch.Elapsed.TotalSeconds, Right = right, Folder = folder });
        output.Line();
        output.Line(right ? "Every planted video ended as it should." : "Some planted videos did not end as they should (see above).");
        output.Line($"It took {watch.Elapsed.TotalSeconds:F0} s. Models of the demo pack were used: their scores mean something on rendered scenes only.");
        output.Line("Look at:");
        output.Line($"  {Path.Combine(screening, "report.md")}   what the screening read, kept and why");
        output.Line($"  {Path.Combine(dataset, "README.md")}   the dataset card with its plots");
        output.Line($"  {Path.Combine(dataset, "videos")}   the clips, described in metadata.jsonl beside them");
        output.Line($"  ./medgen clips --data {Quote(host.Data.Root)}   every clip with its decision");
        output.Line($"  ./medgen redecide --data {Quote(host.Data.Root)} --set aesthetics.minScore=5   another threshold, no frame decoded");
        closing?.SayWhatToLookAt();
        if (serving is not null)
        {
            output.Line($"The dashboard shows it at {serving.Address} until Ctrl-C.");
            await serving.UntilStoppedAsync();
        }
        else
        {
            output.Line($"Open the dashboard on it: ./medgen up --data {Quote(host.Data.Root)}   and then {WebOptions.DefaultListen} (`medgen demo --keep` leaves it running)");
        }

        return right ? ExitCodes.Ok : ExitCodes.Error;
    }

    private static bool Compare(CurationHost host, DemoTruth truth, string channel, Output output)
    {
        var videos = host.Ledger.Items(new ItemQuery(ItemKind.Video)).ToDictionary(item => EngineJson.Video(item.Facts).Location, StringComparer.Ordinal);
        var judgements = DemoJudge.Judge(
            truth,
            planted => videos.GetValueOrDefault(Path.Combine(channel, planted.File)),
            video => [.. host.Ledger.Items(new ItemQuery(ItemKind.Clip, Parent: video.Seq))]);
        var table = Output.NewTable("", "video", "planted", "expected", "found");
        foreach (var judgement in judgements)
        {
            output.Value(new { Type = "judgement", judgement.Planted.Id, judgement.Planted.Title, judgement.Planted.Fault, judgement.Expected, judgement.Found, judgement.Right });
            table.AddRow(
                judgement.Right ? "[green]ok[/]" : "[red]NO[/]", Markup.Escape(judgement.Planted.Id), Markup.Escape(Words(judgement.Planted.Fault)),
                Markup.Escape(judgement.Expected), Markup.Escape(judgement.Found));
        }

        output.Table(table);
        output.Line($"     {judgements.Count(judgement => judgement.Right)} of {judgements.Count} as expected");
        return judgements.All(judgement => judgement.Right);
    }

    /// <summary>Empties an earlier demo; refuses any other folder that holds something.</summary>
    private static string? Prepare(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Marker)))
        {
            return $"{folder} holds something that is not a demo; name another folder with --out.";
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Marker), "");
        foreach (var part in new[] { "channel", "screening", "data", "dataset", DemoLoop.HeldOut, DemoLoop.Loop })
        {
            if (Directory.Exists(Path.Combine(folder, part)))
            {
                Directory.Delete(Path.Combine(folder, part), recursive: true);
            }
        }

        return null;
    }

    private static string Words(PlantedFault fault) => fault == PlantedFault.None
        ? "good"
        : string.Concat(fault.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static string Quote(string path) => path.Contains(' ') ? $"'{path}'" : path;

    private sealed class RenderProgress(Output output) : IProgress<DemoProgress>
    {
        public void Report(DemoProgress value)
        {
            if (!output.IsJson && value.Done % 6 == 0)
            {
                output.Line($"     {value.Done}/{value.Total}");
            }
        }
    }
}

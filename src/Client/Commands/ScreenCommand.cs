using System.CommandLine;
using System.Diagnostics;
using MedGenCluster.Client.Views;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Screening.Report;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Results;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen screen FILES --out DIR</c>: finds the medical ones among any number of candidates.</summary>
internal static class ScreenCommand
{
    public static Command Build()
    {
        var inputs = new Argument<string[]>("candidates")
        {
            Description = "Files or folders of candidates: NDJSON, CSV or TSV with title, description and id, url or path; gzip accepted.",
            Arity = ArgumentArity.OneOrMore,
        };
        var target = new Option<string>("--out") { Description = "Folder of the results. The same command again goes on where it was stopped.", Required = true, HelpName = "dir" };
        var least = new Option<double>("--min-probability") { Description = "Least probability of a survivor, 0 to 1.", DefaultValueFactory = _ => 0.5, HelpName = "p" };
        var keywordsOnly = new Option<bool>("--no-classifier") { Description = "Keep whatever the keyword stage finds." };
        var label = new Option<string?>("--label-column") { Description = "Column with the truth (medical or non-medical, true or false, 1 or 0); the report compares with it.", HelpName = "name" };
        var terms = new Option<string?>("--terms") { Description = "File of further terms, one a line: term, or term<TAB>category.", HelpName = "file" };
        var strict = new Option<bool>("--strict") { Description = "End at the first row that cannot be used or repeats an id." };
        var restart = new Option<bool>("--restart") { Description = "Throw away what an earlier screening left in the folder." };
        var threads = new Option<int>("--threads") { Description = "Threads of the keyword search.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "n" };
        var command = new Command("screen", "Find the medical ones among any number of candidates, and the channels worth crawling.")
        {
            inputs, target, least, keywordsOnly, label, terms, strict, restart, threads,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var files = parsed.GetValue(inputs)!;
            await using var remote = Shared.Remote(parsed);
            if (remote is not null)
            {
                if (parsed.GetValue(terms) is not null)
                {
                    throw new UsageException("--terms is read on this machine; a host screens with its own dictionary, so leave it out with --server.");
                }

                var request = new ScreeningRequest(
                    [.. files.Select(file => CrawlCommand.Place(file, remote: true)!)], Path.GetFileName(Path.TrimEndingDirectorySeparator(parsed.GetValue(target)!)), parsed.GetValue(least),
                    !parsed.GetValue(keywordsOnly), parsed.GetValue(label), parsed.GetValue(restart), parsed.GetValue(strict));
                return await RunOnHostAsync(remote, request, Shared.Output(parsed), cancellationToken);
            }

            var options = new ScreeningOptions
            {
                OutputFolder = Path.GetFullPath(parsed.GetValue(target)!),
                MinProbability = parsed.GetValue(least),
                UseClassifier = !parsed.GetValue(keywordsOnly),
                LabelColumn = parsed.GetValue(label),
                Strict = parsed.GetValue(strict),
                Restart = parsed.GetValue(restart),
                Threads = parsed.GetValue(threads),
            };
            return await RunAsync(files, options, parsed.GetValue(terms), Shared.Host(parsed), Shared.Output(parsed), cancellationToken);
        });
        return command;
    }

    public static async Task<int> RunAsync(
        IReadOnlyList<string> inputs, ScreeningOptions options, string? terms, HostOptions hostOptions, Output output, CancellationToken cancellationToken)
    {
        await using var host = new ScreeningHost(hostOptions);
        var run = host.Create(options, terms);
        var watch = Stopwatch.StartNew();
        var work = Task.Run(() => run.RunAsync(inputs, cancellationToken), CancellationToken.None);
        ScreeningOutcome outcome;
        try
        {
            outcome = await new Views.ScreeningView(output, () => run.Progress).RunAsync(work);
        }
        catch (ModelException exception)
        {
            return Output.Fail($"{exception.Message} --no-classifier screens by keywords alone.", ExitCodes.Unavailable);
        }

        return outcome switch
        {
            ScreeningOutcome.Completed done => Show(done, options, watch.Elapsed, output),
            ScreeningOutcome.Stopped stopped => Output.Fail(
                $"{stopped.Input}:{stopped.Line}: the row {stopped.Trouble.Words()}. Without --strict such rows are counted and passed over.", ExitCodes.Unavailable),
            ScreeningOutcome.Refused { Reason: ScreeningRefusal.InvalidOptions or ScreeningRefusal.Changed } refused => Output.Fail(refused.Message, ExitCodes.Usage),
            ScreeningOutcome.Refused refused => Output.Fail(refused.Message, ExitCodes.Unavailable),
            var other => throw new UnreachableException(other.ToString()),
        };
    }

    /// <summary>The host keeps the results under the name of the folder, where a crawl of its finds them.</summary>
    private static async Task<int> RunOnHostAsync(RemoteWorkplace host, ScreeningRequest request, Output output, CancellationToken cancellationToken)
    {
        string? last = null;
        var report = await host.OperateAsync("api/screenings", request, Tell, cancellationToken);
        var folder = (await host.ScreeningsAsync(cancellationToken)).First(screening => screening.Name == request.Name).Folder;
        output.Value(new { Type = "screening", Folder = folder, Report = report });
        output.Line($"{report.GetProperty("rows").GetInt64():N0} rows, {report.GetProperty("survivors").GetInt64():N0} survivors. The results are in {folder} on the host.");
        output.Line($"`medgen crawl --from-screening {folder}` with the same --server crawls the best channels.");
        return report.GetProperty("unusable").GetInt64() > 0 ? ExitCodes.SomeFailed : ExitCodes.Ok;

        void Tell(Operation now)
        {
            if (now.Message is { } message && message != last)
            {
                output.Line($"{now.Progress,4:P0}  {last = message}");
            }
        }
    }

    private static int Show(ScreeningOutcome.Completed done, ScreeningOptions options, TimeSpan elapsed, Output output)
    {
        var report = done.Report;
        output.Value(new { Type = "screening", Folder = options.OutputFolder, done.WasDone, elapsed.TotalSeconds, Report = report });
        var table = Output.NewTable("step", ">rows");
        foreach (var (step, count) in new[]
        {
            ("read", report.Rows), ("keyword hit", report.KeywordHits), ("rejected by the classifier", report.Rejected), ("duplicate", report.Duplicates), ("survivor", report.Survivors),
        })
        {
            table.AddRow(step, count.ToString("N0"));
        }

        output.Table(table);
        foreach (var trouble in report.Troubles)
        {
            output.Line($"  {trouble.Kind}: {trouble.Count:N0}, first at {trouble.First[0].Input}:{trouble.First[0].Line}");
        }

        if (report.Labels is { } labels)
        {
            output.Table(Labels(labels));
        }

        output.Line(done.WasDone
            ? $"This was done before; --restart does it again. The results are in {options.OutputFolder}"
            : $"{report.Rows:N0} rows in {elapsed.TotalSeconds:F1} s; {report.Survivors:N0} survivors in {report.Channels:N0} channels. The results are in {options.OutputFolder}");
        if (report.Classifier is { IsDemo: true })
        {
            output.Line("The classifier is the demo pack's: its probabilities mean something on made-up texts only.");
        }

        output.Line($"`medgen crawl --from-screening {options.OutputFolder}` crawls the best channels.");
        return report.Unusable > 0 ? ExitCodes.SomeFailed : ExitCodes.Ok;
    }

    private static Table Labels(ReportedLabels labels)
    {
        var table = Output.NewTable("against the labels", ">precision", ">recall", ">F1", ">TP", ">FP", ">FN", ">TN");
        foreach (var (name, stage) in new[] { ("keyword stage", labels.Keyword), ("both stages", labels.Both) })
        {
            table.AddRow(
                name, $"{stage.Precision:F4}", $"{stage.Recall:F4}", $"{stage.F1:F4}",
                stage.TruePositives.ToString("N0"), stage.FalsePositives.ToString("N0"), stage.FalseNegatives.ToString("N0"), stage.TrueNegatives.ToString("N0"));
        }

        return table;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MedGenCluster.Client.Demo;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary>The second half of <c>medgen demo --loop</c>: a model is trained on the dataset of the first half, draws what it is asked for, and a classifier that has learned from
/// another channel's clips says what it sees.</summary>
internal sealed class DemoLoop(CurationHost host, HostOptions options, string folder, Output output)
{
    /// <summary>Folder of the second channel.</summary>
    public const string HeldOut = "held-out";

    /// <summary>Folder of what the loop writes.</summary>
    public const string Loop = "loop";

    /// <summary>Steps of a demo with the loop.</summary>
    public const int Steps = 9;

    private const int PerPrompt = 2;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    private string HeldOutFolder => Path.Combine(folder, HeldOut);

    private string Dataset => Path.Combine(folder, "dataset");

    private string ListFile => Path.Combine(folder, Loop, "generated.jsonl");

    private string Sheet => Path.Combine(folder, Loop, "real-and-generated.png");

    /// <param name="seed">Of the first channel; the second has another.</param>
    /// <returns>An exit code.</returns>
    public async Task<int> RunAsync(int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, Loop));
        var watch = Stopwatch.StartNew();
        output.Line($"6/{Steps}  a second channel, of other scenes: the model never sees it, the classifier nothing else");
        var code = await CurateAsync(seed + 1, cancellationToken);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        Took(watch);
        output.Line($"7/{Steps}  training the tiny text-to-video model on the dataset");
        var workplace = new LocalWorkplace(host);
        code = await TrainCommand.RunAsync(workplace, output, new TrainingRequest(Dataset, Name: "demo"), detach: false, cancellationToken);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        Took(watch);
        output.Line($"8/{Steps}  generating");
        var model = (await workplace.TrainingsAsync(cancellationToken)).MaxBy(run => run.Id)!.Model!;
        var request = new GenerationRequest(await PromptsAsync(cancellationToken), [model], PerPrompt: PerPrompt, Steps: 30, Guidance: 1.5, Name: "demo");
        code = await GenerateCommand.RunAsync(workplace, output, request, detach: false, cancellationToken);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        await ListAsync(workplace, cancellationToken);
        Took(watch);
        output.Line($"9/{Steps}  what a classifier sees in them that has learned from the second channel's clips");
        return await JudgeAsync(model, cancellationToken);
    }

    public void SayWhatToLookAt()
    {
        output.Line($"  {Sheet}   real clips and generated ones side by side");
        output.Line($"  ./medgen generations --data {host.Data.Root}   what was generated, from which prompt and model");
    }

    private void Took(Stopwatch watch)
    {
        output.Line(string.Create(CultureInfo.InvariantCulture, $"     in {watch.Elapsed.TotalSeconds:F0} s"));
        watch.Restart();
    }

    /// <summary>Renders, crawls and exports the second channel as the first was.</summary>
    private async Task<int> CurateAsync(int seed, CancellationToken cancellationToken)
    {
        var channel = Path.Combine(HeldOutFolder, "channel");
        await DemoChannel.RenderAsync(channel, Path.Combine(HeldOutFolder, "truth.json"), seed, null, cancellationToken);
        await using var other = CurationHost.Open(options with { DataPath = Path.Combine(HeldOutFolder, "data") });
        var job = await other.SubmitAsync(HeldOut, new SourceSpec(SourceKinds.Folder, channel), new CurationOptions());
        var code = await EngineSession.RunAsync(other, output, job.Id, forever: false, cancellationToken);
        return code is ExitCodes.Ok or ExitCodes.SomeFailed
            ? await ExportCommand.RunAsync(
                new LocalWorkplace(other), output, new ExportWish(Path.Combine(HeldOutFolder, "dataset"), HeldOut, job.Id, ["all"], Overwrite: true, Copy: false), cancellationToken)
            : code;
    }

    /// <summary>The prompts of the trainer's study as a prompt file, each with the kind of scene that it asks for as its category.</summary>
    private async Task<string> PromptsAsync(CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(options.Trainer.Folder, "t2v", "recognition_prompts.json"));
        var kinds = (await JsonSerializer.DeserializeAsync<Dictionary<string, string[]>>(file, cancellationToken: cancellationToken))!;
        return string.Join('\n', kinds.SelectMany(kind => kind.Value.Select((prompt, number) => JsonSerializer.Serialize(
            new { prompt, category = kind.Key, id = string.Create(CultureInfo.InvariantCulture, $"{kind.Key}-{number + 1}") }))));
    }

    /// <summary>Writes down which clip was to show what.</summary>
    private async Task ListAsync(LocalWorkplace workplace, CancellationToken cancellationToken)
    {
        var job = (await workplace.GenerationsAsync(cancellationToken)).MaxBy(job => job.Id)!;
        var lines = new List<string>();
        await foreach (var item in workplace.GenerationItemsAsync(job.Id, "done", cancellationToken))
        {
            lines.Add(JsonSerializer.Serialize(new { path = item.Video, kind = item.Category }));
        }

        await File.WriteAllLinesAsync(ListFile, lines, cancellationToken);
    }

    private async Task<int> JudgeAsync(string model, CancellationToken cancellationToken)
    {
        string[] arguments = ["-m", "t2v.judge", "--clips", ListFile, "--model", model, "--held_out", HeldOutFolder, "--trained_on", folder, "--sheet", Sheet];
        var runner = new ProcessRunner(TimeProvider.System, new ProcessAccounting());
        var ended = await runner.RunAsync(new ProcessSpec(options.Trainer.Python, arguments, IdleLimit: Silence, WorkingDirectory: options.Trainer.Folder), null, cancellationToken);
        if (!ended.Succeeded)
        {
            return Output.Fail($"the generated clips could not be judged: {ended.ErrorTail.Trim()}", ExitCodes.Unavailable);
        }

        using var document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        var judged = document.RootElement;
        var (recognised, generated, rate) = (judged.GetProperty("recognised").GetInt32(), judged.GetProperty("generated").GetInt32(), judged.GetProperty("rate").GetDouble());
        var (real, chance) = (judged.GetProperty("real_rate").GetDouble(), judged.GetProperty("chance").GetDouble());
        var table = Output.NewTable("asked for", "recognised");
        foreach (var kind in judged.GetProperty("by_kind").EnumerateObject())
        {
            table.AddRow(Markup.Escape(kind.Name), kind.Value.GetDouble().ToString("P0", CultureInfo.InvariantCulture));
        }

        output.Table(table);
        output.Value(new { Type = "recognition", Recognised = recognised, Generated = generated, Rate = rate, RealRate = real, Chance = chance, Sheet = Sheet });
        output.Line(string.Create(
            CultureInfo.InvariantCulture, $"     {recognised} of {generated} generated clips are recognised as what was asked for: {rate:P0}. By chance it were {chance:P0}; of the real clips it recognises {real:P0}."));
        return ExitCodes.Ok;
    }
}

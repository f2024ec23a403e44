using System.CommandLine;
using System.Globalization;
using MedGenCluster.Client.Views;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen generate</c>: submits a batch generation and works on it.</summary>
internal static class GenerateCommand
{
    public static Command Build()
    {
        var prompts = new Option<string>("--prompts") { Description = "File of prompts: one a line, or JSON lines with prompt, category and id.", Required = true, HelpName = "file" };
        var model = new Option<string[]>("--model") { Description = "Folder of a model; repeatable, to compare models.", Required = true, HelpName = "dir", AllowMultipleArgumentsPerToken = false };
        var lora = new Option<string?>("--lora") { Description = "Folder of a LoRA on the model.", HelpName = "dir" };
        var perPrompt = new Option<int>("--per-prompt") { Description = "Videos of each prompt.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var seed = new Option<long>("--seed") { Description = "Seed of a prompt's first video; the others follow by one.", DefaultValueFactory = _ => 0, HelpName = "n" };
        var steps = new Option<int>("--steps") { Description = "Sampling steps.", DefaultValueFactory = _ => 50, HelpName = "n" };
        var guidance = new Option<double>("--guidance") { Description = "Guidance scale; 1 for none.", DefaultValueFactory = _ => 1, HelpName = "x" };
        var shift = new Option<double>("--shift") { Description = "Shift of the noise schedule.", DefaultValueFactory = _ => 7, HelpName = "x" };
        var name = new Option<string?>("--name") { Description = "Name of the job; default: the model's." };
        var detach = new Option<bool>("--detach") { Description = "Only submit; `medgen up` does the work." };
        var command = new Command("generate", "Generate videos from prompts; run again, it goes on where it was.") { prompts, model, lora, perPrompt, seed, steps, guidance, shift, name, detach };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(prompts)!;
            var list = PromptFile.Read(file);
            if (list.Errors.Count > 0)
            {
                return Output.Fail(string.Join(Environment.NewLine + "        ", list.Errors), ExitCodes.Unavailable);
            }

            var remote = parsed.GetValue(Shared.Server) is not null;
            var models = parsed.GetValue(model)!.Select(folder => CrawlCommand.Place(folder, remote)!).ToList();
            var sampling = new SamplingOptions(parsed.GetValue(steps), parsed.GetValue(guidance), parsed.GetValue(shift));
            var settings = new GenerationSettings([.. models.Select(folder => new GenerationModel(folder, null, ""))], parsed.GetValue(perPrompt), parsed.GetValue(seed), sampling, list.Prompts.Count);
            if (new GenerationPlan("", list.Prompts, settings).Validate() is { Count: > 0 } errors)
            {
                return Output.Fail(string.Join(Environment.NewLine + "        ", errors), ExitCodes.Usage);
            }

            if (!parsed.GetValue(detach))
            {
                TrainerSelection.Demand(parsed);
            }

            var request = new GenerationRequest(
                await File.ReadAllTextAsync(file, cancellationToken), models, CrawlCommand.Place(parsed.GetValue(lora), remote), settings.PerPrompt, settings.FirstSeed, sampling.Steps, sampling.Guidance,
                sampling.Shift, parsed.GetValue(name));
            await using var workplace = Shared.Workplace(parsed);
            return await RunAsync(workplace, Shared.Output(parsed), request, parsed.GetValue(detach), cancellationToken);
        });
        return command;
    }

    /// <summary>Submits a job and, unless it is detached, works on it.</summary>
    /// <returns>An exit code.</returns>
    internal static async Task<int> RunAsync(IWorkplace workplace, Output output, GenerationRequest request, bool detach, CancellationToken cancellationToken)
    {
        var job = await workplace.GenerateAsync(request, cancellationToken);
        output.Value(new { Type = "submitted", Generation = job.Id, job.Name, job.Items, job.Done, job.Notes });
        output.Line(string.Create(CultureInfo.InvariantCulture, $"generation {job.Id}: {job.Name}, {job.Items:N0} videos of {job.Prompts:N0} prompts{(job.Done > 0 ? $", {job.Done:N0} of them done already" : "")}"));
        foreach (var note in job.Notes ?? [])
        {
            output.Line(note);
        }

        if (detach)
        {
            workplace.Wake();
            return ExitCodes.Ok;
        }

        job = await workplace.WorkOnGenerationAsync(job.Id, new ProgressLine(), cancellationToken);
        output.Value(new { Type = "result", Generation = job.Id, job.State, job.Items, job.Done, job.Failed, job.SecondsPerItem });
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{job.Done:N0} of {job.Items:N0} videos are done{(job.SecondsPerItem is { } each ? $", {each:0.##} s each" : "")}; `medgen generations show {job.Id}` lists them."));
        if (job.State == "cancelled")
        {
            return Output.Fail($"generation {job.Id} was cancelled; the same command goes on with it.", ExitCodes.Interrupted);
        }

        return job.Failed > 0 ? Output.Fail($"{job.Failed:N0} videos failed: `medgen generations show {job.Id} --state failed` says why, `medgen generations retry {job.Id}` tries them again.", ExitCodes.SomeFailed) : ExitCodes.Ok;
    }
}

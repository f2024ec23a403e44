using System.Text;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.TextToVideo;

/// <summary>Checks what is submitted, and submits it.</summary>
public sealed class TextToVideoRequests(TextToVideoServices services)
{
    private const int MaxValidationPrompts = 64;
    private const int MaxName = 200;

    /// <returns>The job, or all that is wrong with the request.</returns>
    public async Task<(GenerationView? Job, IReadOnlyList<string> Errors)> SubmitAsync(GenerationRequest request)
    {
        var prompts = PromptFile.Parse(Encoding.UTF8.GetBytes(request.Prompts), "the prompts");
        var (models, errors) = (new List<GenerationModel>(), new List<string>(prompts.Errors));
        var trainings = await services.Trainings.TrainingsAsync().ConfigureAwait(false);
        foreach (var folder in request.Models)
        {
            var trouble = Model(folder, request.Lora);
            if (trouble is not null)
            {
                errors.Add(trouble);
                continue;
            }

            models.Add(new GenerationModel(Path.GetFullPath(folder), request.Lora is { } lora ? Path.GetFullPath(lora) : null, ModelFingerprint.Of(folder, request.Lora), TrainingBase.Origin(request.Lora ?? folder, trainings)));
        }

        var settings = new GenerationSettings(models, request.PerPrompt, request.Seed, new SamplingOptions(request.Steps, request.Guidance, request.Shift), prompts.Prompts.Count);
        var plan = new GenerationPlan(Name(request.Name) ?? string.Join(" and ", models.Select(model => model.Name)), prompts.Prompts, settings);
        if (errors.Count == 0)
        {
            errors.AddRange(plan.Validate());
        }

        return errors.Count > 0 ? (null, errors) : (TextToVideoViews.Of(await services.Generations.CreateGenerationAsync(plan).ConfigureAwait(false)) with { Notes = Notes(prompts) }, []);
    }

    /// <returns>The run, or all that is wrong with the request.</returns>
    public async Task<(TrainingView? Run, IReadOnlyList<string> Errors)> SubmitAsync(TrainingRequest request)
    {
        var (dataset, error) = TrainingDataset.Open(request.Dataset);
        var (prepare, train, errors) = TrainingOption.Sort(request.Options ?? new Dictionary<string, string>());
        var trouble = new List<string>(errors);
        if (error is not null)
        {
            trouble.Add(error);
        }

        TrainingBase? model = null;
        if (train.TryGetValue(TrainingBase.Option, out var folder))
        {
            (model, error) = TrainingBase.Open(folder, await services.Trainings.TrainingsAsync().ConfigureAwait(false));
            trouble.AddRange(error is null ? [] : [error]);
        }

        if (request.Processes is < 1 or > 1024)
        {
            trouble.Add($"--processes is {request.Processes}; it is between 1 and 1024.");
        }

        var prompts = request.ValidationPrompts is { } text ? PromptFile.Parse(Encoding.UTF8.GetBytes(text), "the validation prompts") : null;
        trouble.AddRange(prompts?.Errors ?? []);
        if (prompts is { Prompts.Count: > MaxValidationPrompts })
        {
            trouble.Add($"there are {prompts.Prompts.Count} validation prompts; at most {MaxValidationPrompts} are taken.");
        }

        if (trouble.Count > 0)
        {
            return (null, trouble);
        }

        var settings = new TrainingSettings(
            dataset!.Folder, dataset.Sha256, prepare, train, [.. (prompts?.Prompts ?? []).Select(prompt => prompt.Text.ReplaceLineEndings(" "))], request.Processes, HostVersion.Text, model);
        return (TextToVideoViews.Of(await services.Trainings.CreateTrainingAsync(Name(request.Name) ?? Path.GetFileName(dataset.Folder), settings).ConfigureAwait(false)), []);
    }

    private static string? Name(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim() is { Length: > MaxName } longer ? longer[..MaxName] : name.Trim();

    private static string? Model(string folder, string? lora) =>
        !File.Exists(Path.Combine(folder, "config.json")) ? $"--model {folder} is no model: it has no config.json. `medgen trainings` names the models of completed runs."
        : lora is not null && !Directory.Exists(lora) ? $"--lora {lora} is no folder."
        : null;

    private static List<string> Notes(PromptList prompts)
    {
        var notes = new List<string>();
        if (prompts.BlankLines + prompts.CommentLines > 0)
        {
            notes.Add($"passed over {prompts.BlankLines} blank lines and {prompts.CommentLines} comments of the prompts.");
        }

        if (prompts.Duplicates is [var first, ..])
        {
            notes.Add($"{prompts.Duplicates.Count} prompts repeat earlier ones and count once, the first on line {first.Line} (as line {first.FirstLine}).");
        }

        return notes;
    }
}

using System.Text.Json;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.TextToVideo;

/// <summary>Generations and trainings as the API shows them.</summary>
public static class TextToVideoViews
{
    public static GenerationView Of(GenerationRow row)
    {
        var (settings, each) = (row.Settings, row.Done > 0 ? row.BusySeconds / row.Done : (double?)null);
        return new GenerationView(
            row.Id, row.Name, Word(row.State), [.. settings.Models.Select(model => model.Name)], settings.Prompts, settings.PerPrompt, settings.Sampling.Steps, settings.Sampling.Guidance,
            settings.Sampling.Shift, row.Items, row.Done, row.Failed, each, row.Open == 0 ? 0 : each * row.Open, row.CreatedAt, row.EndedAt);
    }

    public static GenerationItemView Of(GenerationItemRow item, GenerationRow job, IReadOnlyList<Prompt> prompts)
    {
        var prompt = prompts[item.Prompt];
        return new GenerationItemView(
            item.Seq, item.Model, job.Settings.Models[item.Model].Name, item.Prompt, prompt.Id, prompt.Category, prompt.Text, item.Seed, Word(item.State), item.Attempts, item.Reason,
            item.Media is null ? null : $"/api/generations/items/{item.Seq}/video", item.Media?.Sha256, item.Seconds,
            item.Facts is { } facts ? JsonSerializer.Deserialize<JsonElement>(facts) : null);
    }

    public static TrainingView Of(TrainingRow row)
    {
        var settings = row.Settings;
        var options = settings.Prepare.Concat(settings.Train).GroupBy(option => option.Key).OrderBy(option => option.Key, StringComparer.Ordinal).ToDictionary(option => option.Key, option => option.First().Value);
        var left = row.Life.IsTerminal ? 0 : row.Step > 0 && row.Steps > 0 ? row.BusySeconds / row.Step * (row.Steps - row.Step) : (double?)null;
        return new TrainingView(
            row.Id, row.Name, Word(row.Life.Phase), row.Step, row.Steps, row.Loss, left, row.Life.Attempts, row.Life.Reason, row.Kind, row.Hint, settings.Dataset, settings.DatasetSha256, options,
            settings.Processes, row.CodeVersion, settings.HostVersion, row.ModelPath, row.Model?.Sha256, row.CreatedAt, row.StartedAt, row.EndedAt,
            settings.Base is { } model ? new TrainingBaseView(model.Folder, model.Fingerprint, model.Training) : null);
    }

    /// <param name="after">Only steps after this one.</param>
    public static async Task<TrainingDetail?> DetailAsync(ITrainingLedger ledger, long run, long after)
    {
        if (await ledger.TrainingAsync(run).ConfigureAwait(false) is not { } row)
        {
            return null;
        }

        JsonElement? prepared = row.Prepared is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : null;
        return new TrainingDetail(
            Of(row),
            [.. (await ledger.TrainingStepsAsync(run, after).ConfigureAwait(false)).Select(step => new TrainingStepView(step.Step, step.Loss, step.LearningRate, step.GradNorm, step.Seconds, step.Rate, step.MemoryMb))],
            [.. (await ledger.CheckpointsAsync(run).ConfigureAwait(false)).Select(stored => new TrainingCheckpointView(stored.Step, stored.Name, stored.Media.Sha256, stored.Media.Length))],
            [.. (await ledger.TrainingClipsAsync(run).ConfigureAwait(false)).Select((clip, i) => new TrainingClipView(clip.Step, clip.Prompt, clip.Seed, $"/api/trainings/{run}/clips/{i}/video"))],
            prepared);
    }

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

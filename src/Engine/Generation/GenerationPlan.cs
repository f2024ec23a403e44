using System.Security.Cryptography;
using System.Text.Json;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Generation;

/// <summary>A model to generate with.</summary>
/// <param name="Path">Folder of the model, absolute.</param>
/// <param name="Lora">Folder of a LoRA on it, absolute; null for none.</param>
/// <param name="Fingerprint">Of both folders' content, see <see cref="ModelFingerprint"/>: what a clip is traced back to.</param>
/// <param name="Training">The training run that made it, where it is one of this ledger's.</param>
public sealed record GenerationModel(string Path, string? Lora, string Fingerprint, long? Training = null)
{
    /// <summary>The folders' names, for people.</summary>
    public string Name => System.IO.Path.GetFileName(Path) + (Lora is null ? "" : " + " + System.IO.Path.GetFileName(Lora));
}

/// <summary>How a video is sampled.</summary>
/// <param name="Steps">Euler steps, 1 to 1000.</param>
/// <param name="Guidance">Guidance scale, 1 (none) to 50.</param>
/// <param name="Shift">Of the schedule of noise levels, greater than 0 (HunyuanVideo's is 7).</param>
public sealed record SamplingOptions(int Steps = 50, double Guidance = 1, double Shift = 7);

/// <summary>What a job does the same for each of its prompts.</summary>
/// <param name="PerPrompt">Videos of each prompt and model.</param>
/// <param name="FirstSeed">Seed of a prompt's first video; the others follow by one.</param>
/// <param name="Prompts">How many there are.</param>
public sealed record GenerationSettings(IReadOnlyList<GenerationModel> Models, int PerPrompt, long FirstSeed, SamplingOptions Sampling, int Prompts)
{
    public long Items => (long)Models.Count * Prompts * PerPrompt;
}

/// <summary>A batch generation to be remembered: every prompt, with every model, with the same seeds.</summary>
public sealed record GenerationPlan(string Name, IReadOnlyList<Prompt> Prompts, GenerationSettings Settings)
{
    /// <summary>Items of a job at the most.</summary>
    public const long MaxItems = 200_000;

    /// <summary>Names what the job gives, 64 hexadecimal digits: the same plan again, from whatever folder and under whatever name, is the same job.</summary>
    public string Key()
    {
        var essence = new GenerationEssence(
            [.. Settings.Models.Select(model => model.Fingerprint)], [.. Prompts.Select(prompt => prompt.Text)], [.. Prompts.Select(prompt => prompt.Id)],
            Settings.PerPrompt, Settings.FirstSeed, Settings.Sampling);
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(essence, EngineJson.Default.GenerationEssence)));
    }

    /// <summary>All that is wrong, each in a sentence that names the option.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Demand(bool holds, string sentence)
        {
            if (!holds)
            {
                errors.Add(sentence);
            }
        }

        var (sampling, settings) = (Settings.Sampling, Settings);
        Demand(Prompts.Count > 0, "there are no prompts.");
        Demand(settings.Models.Count > 0, "name a model's folder with --model.");
        Demand(settings.PerPrompt is >= 1 and <= 10_000, $"--per-prompt is {settings.PerPrompt}; it is between 1 and 10,000.");
        Demand(settings.FirstSeed is >= 0 and <= uint.MaxValue, $"--seed is {settings.FirstSeed}; it is between 0 and {uint.MaxValue}.");
        Demand(sampling.Steps is >= 1 and <= 1000, $"--steps is {sampling.Steps}; it is between 1 and 1000.");
        Demand(sampling.Guidance is >= 1 and <= 50, $"--guidance is {sampling.Guidance}; it is between 1 and 50.");
        Demand(sampling.Shift is > 0 and <= 100, $"--shift is {sampling.Shift}; it is greater than 0 and at most 100.");
        Demand(settings.Items <= MaxItems, $"{settings.Models.Count} models, {Prompts.Count:N0} prompts and --per-prompt {settings.PerPrompt:N0} are {settings.Items:N0} videos; a job has at most {MaxItems:N0}. Split the prompt file.");
        return errors;
    }
}

/// <summary>What a job's key is the digest of.</summary>
public sealed record GenerationEssence(string[] Models, string[] Prompts, string[] Ids, int PerPrompt, long FirstSeed, SamplingOptions Sampling);

using System.Globalization;

namespace MedGenCluster.Engine.Training;

/// <summary>Which of the trainer's programs takes an option.</summary>
[Flags]
public enum TrainingPrograms
{
    Prepare = 1,
    Train = 2,
    Both = Prepare | Train,
}

/// <summary>An option of the trainer under its own name (the paper's Table 5 and FastVideo's scripts). Its default is the trainer's.</summary>
/// <param name="Least">Least value of a number; null for an option that is none.</param>
/// <param name="IsWhole">Whether the number is a whole one.</param>
/// <param name="IsSwitch">Whether it is given without a value.</param>
/// <param name="IsPath">Whether it names a file or folder.</param>
/// <param name="MayBePath">Whether it names a folder where there is one of that name, and something else where not.</param>
public sealed record TrainingOption(
    string Name, TrainingPrograms Programs, string Help, double? Least = null, double? Most = null, bool IsWhole = false, bool IsSwitch = false, bool IsPath = false, bool MayBePath = false, string[]? Among = null)
{
    public static readonly IReadOnlyList<TrainingOption> All =
    [
        new("preset", TrainingPrograms.Train, "paper: the values of Table 5.", Among: ["paper"]),
        new("model_config", TrainingPrograms.Both, "Size of the model: tiny, small, paper, or a file."),
        new("model_type", TrainingPrograms.Both, "t2v: the trainer's own transformer; else a pretrained one of diffusers.", Among: ["t2v", "hunyuan_hf", "mochi", "wan"]),
        new("pretrained_model_name_or_path", TrainingPrograms.Both, "Folder or hub id of the pipeline of such a transformer.", MayBePath: true),
        new("num_frames", TrainingPrograms.Prepare, "Frames of a sample.", 1, 10_000, IsWhole: true),
        new("max_height", TrainingPrograms.Prepare, "Pixels.", 8, 8192, IsWhole: true),
        new("max_width", TrainingPrograms.Prepare, "Pixels.", 8, 8192, IsWhole: true),
        new("train_fps", TrainingPrograms.Prepare, "Frames a second.", 0.1, 240),
        new("autoencoder", TrainingPrograms.Prepare, "File of a trained autoencoder; default: one is trained.", IsPath: true),
        new("held_out", TrainingPrograms.Prepare, "Share of the clips that is kept from training, 0 to 1.", 0, 1),
        new("seed", TrainingPrograms.Both, "Of everything random.", 0, uint.MaxValue, IsWhole: true),
        new(TrainingBase.Option, TrainingPrograms.Train, "Checkpoint or model to begin with.", IsPath: true),
        new("use_lora", TrainingPrograms.Train, "Train a LoRA alone.", IsSwitch: true),
        new("lora_rank", TrainingPrograms.Train, "Rank of the LoRA.", 1, 4096, IsWhole: true),
        new("lora_alpha", TrainingPrograms.Train, "Scale of the LoRA.", 0, 65536),
        new("lora_target_modules", TrainingPrograms.Train, "Ends of the names of the linear layers that the LoRA adapts, with commas; all-linear: all."),
        new("train_batch_size", TrainingPrograms.Train, "Samples of a micro-batch.", 1, 65536, IsWhole: true),
        new("gradient_accumulation_steps", TrainingPrograms.Train, "Micro-batches of a step.", 1, 65536, IsWhole: true),
        new("learning_rate", TrainingPrograms.Train, "Of AdamW.", 0, 10),
        new("max_train_steps", TrainingPrograms.Train, "Optimiser steps.", 1, 1e9, IsWhole: true),
        new("max_grad_norm", TrainingPrograms.Train, "Gradients are clipped to it.", 0, 1e9),
        new("ema_decay", TrainingPrograms.Train, "Of the moving average of the weights, 0 to 1.", 0, 1),
        new("ema_start_step", TrainingPrograms.Train, "First step of the moving average.", 0, 1e9, IsWhole: true),
        new("cfg", TrainingPrograms.Train, "Share of captions that is dropped, 0 to 1.", 0, 1),
        new("checkpointing_steps", TrainingPrograms.Train, "Steps between checkpoints.", 1, 1e9, IsWhole: true),
        new("checkpoints_total_limit", TrainingPrograms.Train, "Checkpoints that are kept in the run's folder.", 1, 1e6, IsWhole: true),
        new("validation_steps", TrainingPrograms.Train, "Steps between validations.", 1, 1e9, IsWhole: true),
        new("validation_sampling_steps", TrainingPrograms.Train, "Sampling steps of a validation clip.", 1, 1000, IsWhole: true),
        new("validation_guidance_scale", TrainingPrograms.Train, "Guidance scale of a validation clip.", 0, 50),
        new("shift", TrainingPrograms.Train, "Shift of the validation's noise schedule.", 0.001, 100),
        new("mixed_precision", TrainingPrograms.Train, "bf16 or no.", Among: ["bf16", "no"]),
        new("gradient_checkpointing", TrainingPrograms.Train, "Compute activations anew in the backward pass.", IsSwitch: true),
    ];

    /// <returns>What is wrong with a value, in a sentence; null where nothing is.</returns>
    public string? Trouble(string value)
    {
        if (IsSwitch)
        {
            return value == "true" ? null : $"--{Name} is a switch; give it without a value, or not at all.";
        }

        if (Among is not null)
        {
            return Among.Contains(value) ? null : $"--{Name} is '{value}'; it is one of {string.Join(", ", Among)}.";
        }

        if (Least is null)
        {
            return value.Length > 0 && !value.StartsWith("--", StringComparison.Ordinal) && !value.Any(char.IsControl) ? null : $"--{Name} is '{value}', which names nothing.";
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most && (!IsWhole || number == Math.Floor(number))
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"--{Name} is '{value}'; it is a {(IsWhole ? "whole number" : "number")} between {Least} and {Most}.");
    }

    /// <summary>Splits options by the programs that take them.</summary>
    /// <returns>What is wrong, a sentence each.</returns>
    public static (Dictionary<string, string> Prepare, Dictionary<string, string> Train, IReadOnlyList<string> Errors) Sort(IEnumerable<KeyValuePair<string, string>> options)
    {
        var (prepare, train, errors) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var (name, value) in options)
        {
            if (All.FirstOrDefault(option => option.Name == name) is not { } known)
            {
                errors.Add($"there is no training option {name}; `medgen train --help` lists them.");
                continue;
            }

            if (known.Trouble(value) is { } trouble)
            {
                errors.Add(trouble);
            }

            if (known.Programs.HasFlag(TrainingPrograms.Prepare))
            {
                prepare[name] = value;
            }

            if (known.Programs.HasFlag(TrainingPrograms.Train))
            {
                train[name] = value;
            }
        }

        return (prepare, train, errors);
    }
}

namespace MedGenCluster.Silo.Api.Contracts;

/// <summary>A batch generation to be submitted; the same one again goes on with what it left.</summary>
/// <param name="Prompts">A prompt file's text: one prompt a line, or JSON lines.</param>
/// <param name="Models">Folders of models on the host.</param>
/// <param name="Lora">Folder of a LoRA on each of them; null for none.</param>
/// <param name="PerPrompt">Videos of each prompt and model.</param>
/// <param name="Seed">Of a prompt's first video.</param>
public sealed record GenerationRequest(
    string Prompts, IReadOnlyList<string> Models, string? Lora = null, int PerPrompt = 1, long Seed = 0, int Steps = 50, double Guidance = 1, double Shift = 7, string? Name = null);

/// <summary>A batch generation.</summary>
/// <param name="State"><c>running</c>, <c>completed</c> or <c>cancelled</c>.</param>
/// <param name="SecondsPerItem">What a video takes at the measured rate; null before one is done.</param>
/// <param name="SecondsLeft">What the open ones take one sampler; null where that is not known.</param>
/// <param name="Notes">What was passed over in the prompts, a sentence each; only in the answer to a submission.</param>
public sealed record GenerationView(
    long Id, string Name, string State, IReadOnlyList<string> Models, int Prompts, int PerPrompt, int Steps, double Guidance, double Shift, long Items, long Done, long Failed, double? SecondsPerItem,
    double? SecondsLeft, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, IReadOnlyList<string>? Notes = null);

/// <summary>One video of a batch generation.</summary>
/// <param name="State"><c>pending</c>, <c>leased</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Video">Address of the video on the host; null before there is one.</param>
/// <param name="Facts">Frames, size, rate, digest, sampling, the model's fingerprint and the training run it comes from; null before there is a video.</param>
public sealed record GenerationItemView(
    long Id, int Model, string ModelName, int Prompt, string PromptId, string? Category, string Text, long Seed, string State, int Attempts, string? Reason, string? Video, string? Sha256, double Seconds,
    System.Text.Json.JsonElement? Facts);

/// <param name="Next">What to ask for as <c>after</c> to read on; null at the end.</param>
public sealed record GenerationItemPage(IReadOnlyList<GenerationItemView> Items, long? Next);

/// <summary>A training run to be submitted.</summary>
/// <param name="Dataset">Folder of an export on the host, with the trainer's list.</param>
/// <param name="Options">Options of the trainer by their names, without dashes; a switch is "true".</param>
/// <param name="ValidationPrompts">A prompt file's text; null for no validation.</param>
/// <param name="Processes">Training processes, 1 to 1024.</param>
public sealed record TrainingRequest(string Dataset, IReadOnlyDictionary<string, string>? Options = null, string? ValidationPrompts = null, int Processes = 1, string? Name = null);

/// <summary>A training run.</summary>
/// <param name="Phase"><c>waiting</c>, <c>running</c>, <c>stopping</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Reason">Why the last attempt ended.</param>
/// <param name="Kind">What kind of error that was.</param>
/// <param name="SecondsLeft">At the measured rate; null where that is not known.</param>
/// <param name="DatasetSha256">Of the list of clips that it is trained on.</param>
/// <param name="Model">Folder of the result on the machine that trained it.</param>
/// <param name="ModelSha256">Of the result's archive in the media store.</param>
/// <param name="Base">The model that it begins with; null where it begins with none.</param>
public sealed record TrainingView(
    long Id, string Name, string Phase, long Step, long Steps, double? Loss, double? SecondsLeft, int Attempts, string? Reason, string? Kind, string? Hint, string Dataset, string DatasetSha256,
    IReadOnlyDictionary<string, string> Options, int Processes, string? CodeVersion, string HostVersion, string? Model, string? ModelSha256, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, TrainingBaseView? Base = null);

/// <summary>The model that a training run begins with.</summary>
/// <param name="Fingerprint">Of its content.</param>
/// <param name="Training">The run that it comes from, or null.</param>
public sealed record TrainingBaseView(string Folder, string Fingerprint, long? Training);

/// <summary>A training run with its curve.</summary>
/// <param name="Prepared">What the preparation said; null before it ended.</param>
public sealed record TrainingDetail(
    TrainingView Run, IReadOnlyList<TrainingStepView> Steps, IReadOnlyList<TrainingCheckpointView> Checkpoints, IReadOnlyList<TrainingClipView> Clips, System.Text.Json.JsonElement? Prepared);

/// <param name="Rate">Samples a second.</param>
/// <param name="MemoryMb">MiB.</param>
public sealed record TrainingStepView(long Step, double Loss, double? LearningRate, double? GradNorm, double? Seconds, double? Rate, double? MemoryMb);

public sealed record TrainingCheckpointView(long Step, string Name, string Sha256, long Bytes);

/// <param name="Video">Address of the clip on the host.</param>
public sealed record TrainingClipView(long Step, string Prompt, long Seed, string Video);

using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>The label of one training frame: a line of labels.jsonl.</summary>
/// <param name="Index">Position of the frame in frames.u8.</param>
/// <param name="Scene">What it shows.</param>
/// <param name="Medical">Whether that is medical.</param>
/// <param name="Instance">Number of the scene instance; frames of one instance are one continuous take.</param>
/// <param name="Seed">Seed of the instance.</param>
/// <param name="Time">Seconds since the instance began.</param>
/// <param name="Degradation">What was done to the whole instance.</param>
/// <param name="Severity">How strongly, 0.8..1.2; 0 without degradation.</param>
/// <param name="Border">Black bars of the whole instance.</param>
/// <param name="Subtitles">Whether text-like lines are burned in.</param>
public sealed record SampledFrame(
    int Index, SceneKind Scene, bool Medical, int Instance, int Seed, double Time,
    Degradation Degradation, float Severity, Border Border, bool Subtitles);

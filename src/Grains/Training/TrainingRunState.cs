using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Grains.Contracts;

namespace MedGenCluster.Grains.Training;

/// <summary>What a training run's grain keeps.</summary>
[GenerateSerializer, Alias("medgen.training-state")]
public sealed class TrainingRunState
{
    /// <summary>Null before the start.</summary>
    [Id(0)]
    public TrainingOrder? Order { get; set; }

    [Id(1)]
    public TrainingPhase Phase { get; set; }

    [Id(2)]
    public int Attempts { get; set; }

    [Id(3)]
    public CheckpointReference? Checkpoint { get; set; }

    [Id(4)]
    public string? Operation { get; set; }

    [Id(5)]
    public DateTimeOffset Until { get; set; }

    [Id(6)]
    public DateTimeOffset NotBefore { get; set; }

    [Id(7)]
    public string? Reason { get; set; }

    /// <summary>The last resumptions, newest last: one of them again is done already.</summary>
    [Id(8)]
    public List<string> Resumptions { get; set; } = [];

    public TrainingLife ToLife() => new(
        Phase, Attempts, Checkpoint is null ? null : new TrainingCheckpoint(Checkpoint.Step, Checkpoint.Sha256), Operation, Until, NotBefore, Reason);

    public void Set(TrainingLife life)
    {
        (Phase, Attempts, Operation, Until, NotBefore, Reason) = (life.Phase, life.Attempts, life.Operation, life.Until, life.NotBefore, life.Reason);
        Checkpoint = life.Checkpoint is null ? null : new CheckpointReference(life.Checkpoint.Step, life.Checkpoint.Sha256);
    }
}

using MedGenCluster.Engine.Screening.Inputs;

namespace MedGenCluster.Engine.Screening;

/// <summary>What a screening is of, and whether it is done. Which of its shards are done their files tell, see <see cref="Shards.ShardParts"/>: one file less
/// to make durable for each.</summary>
internal sealed record Checkpoint
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required IReadOnlyList<InputFile> Inputs { get; init; }

    public required double MinProbability { get; init; }

    public required string? LabelColumn { get; init; }

    public required long ShardBytes { get; init; }

    public required int BlockBytes { get; init; }

    /// <summary>Version of the keyword dictionary.</summary>
    public required string Dictionary { get; init; }

    /// <summary>Null where the classifier is skipped.</summary>
    public required ClassifierIdentity? Classifier { get; init; }

    /// <summary>Whether the results are complete.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What keeps a run from going on from an earlier one's checkpoint, in words; null where nothing does.</summary>
    public string? DifferenceFrom(Checkpoint earlier)
    {
        if (earlier.Format != Format)
        {
            return "another version of the program wrote it";
        }

        if (!Inputs.Select(input => input.Path).SequenceEqual(earlier.Inputs.Select(input => input.Path)))
        {
            return $"it is of other inputs ({earlier.Inputs.Count} files, the first {earlier.Inputs.FirstOrDefault()?.Path})";
        }

        foreach (var (now, before) in Inputs.Zip(earlier.Inputs))
        {
            if (now != before)
            {
                return $"{now.Path} has changed since";
            }
        }

        return Dictionary != earlier.Dictionary ? "the keyword dictionary has changed"
            : Classifier != earlier.Classifier ? $"the classifier was {earlier.Classifier?.Version ?? "skipped"} and is now {Classifier?.Version ?? "skipped"}"
            : MinProbability != earlier.MinProbability ? FormattableString.Invariant($"the least probability was {earlier.MinProbability} and is now {MinProbability}")
            : LabelColumn != earlier.LabelColumn ? $"the label column was {earlier.LabelColumn ?? "none"} and is now {LabelColumn ?? "none"}"
            : (ShardBytes, BlockBytes) != (earlier.ShardBytes, earlier.BlockBytes) ? "the size of a shard has changed"
            : null;
    }
}

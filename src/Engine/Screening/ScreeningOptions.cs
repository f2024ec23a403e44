namespace MedGenCluster.Engine.Screening;

/// <summary>How candidates are screened and where the results go.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Folder of the results and of the checkpoint.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Least probability of "medical" of a survivor, 0 to 1. 0.5 is where the classifier's head was trained to divide.</summary>
    public double MinProbability { get; init; } = 0.5;

    /// <summary>False keeps every row that the keyword stage finds.</summary>
    public bool UseClassifier { get; init; } = true;

    /// <summary>Column with the true label (see <see cref="Curation.Screening.Report.MedicalLabel"/>); null where the truth is not known. With it the label of
    /// every row is decoded, which the report needs for what the keyword stage drops; the rows are parsed either way, so it costs next to nothing.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The first trouble, a duplicate id included, ends the run. What was found until then stays in the checkpoint.</summary>
    public bool Strict { get; init; }

    /// <summary>Throw away what an earlier run left in the folder.</summary>
    public bool Restart { get; init; }

    /// <summary>Threads that search for keywords. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Uncompressed bytes after which a shard ends at the next block's border: the work that a killed process repeats at the most. 64 MiB is about
    /// 100,000 rows and under a second of keyword search.</summary>
    public long ShardBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that are read and searched at a time; 4 KiB to 8 MiB.</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Texts given to the classifier in one call.</summary>
    public int ClassifierBatch { get; init; } = 64;

    /// <summary>What is wrong with the options, in words; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (!(MinProbability is >= 0 and <= 1))
        {
            errors.Add("the least probability must lie between 0 and 1.");
        }

        if (Threads is < 1 or > 1024)
        {
            errors.Add("the number of threads must lie between 1 and 1024.");
        }

        if (ShardBytes < 1)
        {
            errors.Add("a shard must have at least one byte.");
        }

        if (BlockBytes is < 4 << 10 or > 8 << 20)
        {
            errors.Add("a block must have 4 KiB to 8 MiB.");
        }

        if (ClassifierBatch < 1)
        {
            errors.Add("a batch of the classifier must have at least one text.");
        }

        if (LabelColumn is { Length: 0 })
        {
            errors.Add("the label column has no name.");
        }

        return errors;
    }
}

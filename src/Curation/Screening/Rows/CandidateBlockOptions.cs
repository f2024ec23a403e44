namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>How a file is cut into blocks. Two runs with equal options cut equally.</summary>
public sealed record CandidateBlockOptions
{
    /// <summary>Bytes of a block at the most, save where one row needs more; 4 KiB to 8 MiB.</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of a row at the most, with its line end; longer ones are <see cref="RowTrouble.TooLong"/>. At least <see cref="BlockBytes"/>.</summary>
    public int MaxRowBytes { get; init; } = 8 << 20;

    /// <summary>The rows' format; null judges by the file's name, else by its first bytes.</summary>
    public CandidateFormat? Format { get; init; }

    /// <exception cref="ArgumentException">A size is out of range.</exception>
    internal void Validate()
    {
        if (BlockBytes is < 4 << 10 or > 8 << 20 || MaxRowBytes < BlockBytes || MaxRowBytes > 1 << 30)
        {
            throw new ArgumentException($"Blocks of {BlockBytes} bytes with rows of at most {MaxRowBytes} are not possible: a block has 4 KiB to 8 MiB, a row at least that and at most 1 GiB.");
        }
    }
}

namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>What a generated file of candidates holds. Equal recipes give equal bytes.</summary>
internal sealed record CandidateRecipe
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of rows, without <see cref="Planted"/>.</summary>
    public required long Rows { get; init; }

    /// <summary>Share of rows, 0..1, whose title names a term.</summary>
    public double MedicalShare { get; init; } = 0.02;

    /// <summary>Share of rows, 0..1, whose title holds a phrase that only looks medical.</summary>
    public double HardNegativeShare { get; init; } = 0.01;

    /// <summary>Share of rows, 0..1, written in ASCII with \u escapes, as yt-dlp prints them; the others are UTF-8.</summary>
    public double EscapedShare { get; init; } = 0.25;

    /// <summary>Adds the field <c>label</c>: <c>medical</c> or <c>non-medical</c>.</summary>
    public bool WithLabels { get; init; }

    /// <summary>Terms that medical rows name.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Phrases of the hard negatives.</summary>
    public required IReadOnlyList<string> HardNegatives { get; init; }

    /// <summary>JSON objects without line ends that stand among the generated rows, evenly spread, in their order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Planted { get; init; } = [];
}

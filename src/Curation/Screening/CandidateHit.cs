using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening;

/// <summary>A row in which a term of the dictionary occurs.</summary>
public readonly ref struct CandidateHit
{
    /// <summary>Number of the row's first line in its file, from 1.</summary>
    public required long Line { get; init; }

    public required CandidateRow Row { get; init; }

    /// <summary>Every term that occurs, by field, then in the order of first occurrence. The list is the receiver's to keep.</summary>
    public required IReadOnlyList<MatchedTerm> Terms { get; init; }

    /// <summary>The row as the file has it, without its line end. Valid during the call alone.</summary>
    public required ReadOnlySpan<byte> Raw { get; init; }
}

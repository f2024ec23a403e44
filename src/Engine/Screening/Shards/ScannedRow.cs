using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>A row that passed the keyword stage, on its way to the classifier and to the results.</summary>
internal sealed class ScannedRow(long line, CandidateRow row, IReadOnlyList<MatchedTerm> terms, ChannelKey channel, byte[] raw)
{
    public long Line => line;

    public CandidateRow Row => row;

    public IReadOnlyList<MatchedTerm> Terms => terms;

    public ChannelKey Channel => channel;

    /// <summary>The row's JSON object; empty for other formats.</summary>
    public byte[] Raw => raw;

    public UInt128 Identity { get; } = RowIdentity.Of(row);

    /// <summary>Null until it is scored, and where the classifier is skipped.</summary>
    public double? Probability { get; set; }

    /// <summary>Whether the classifier lets it pass.</summary>
    public bool Passed { get; set; } = true;

    /// <summary>The row as the results write it.</summary>
    public byte[] Json { get; set; } = [];
}

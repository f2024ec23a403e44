using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>A block that both stages have seen.</summary>
/// <param name="Input">Index of its file.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where the next one begins.</param>
/// <param name="FileBytes">Bytes of the file, as it lies on the disk, that were read by then.</param>
/// <param name="EndsShard">Whether its shard ends with it.</param>
/// <param name="EndsInput">Whether its file ends with it; then so does its shard.</param>
internal sealed record ScannedBlock(
    BlockScan Scan, int Input, CandidatePosition Start, CandidatePosition End, long FileBytes, bool EndsShard, bool EndsInput);

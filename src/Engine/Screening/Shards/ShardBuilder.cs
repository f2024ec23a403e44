using System.Runtime.InteropServices;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>Takes the blocks of one shard in order, keeps the first survivor of each id and counts. Used by one thread.</summary>
/// <param name="survivors">Where survivors are written.</param>
/// <param name="seen">Identities of all survivors so far, of this shard and of those before it.</param>
internal sealed class ShardBuilder(string input, CandidatePosition from, Stream survivors, HashSet<UInt128> seen, bool labelled)
{
    private readonly CountBook _book = new(labelled);
    private readonly List<UInt128> _identities = [];
    private readonly Dictionary<ChannelKey, long> _rowsByChannel = [];

    public IReadOnlyList<UInt128> Identities => _identities;

    public IReadOnlyDictionary<ChannelKey, long> RowsByChannel => _rowsByChannel;

    public long Survivors => _identities.Count;

    public long Rows => _book.RowCount;

    public long Hits => _book.HitCount;

    public long Troubles => _book.TroubleCount;

    /// <summary>Takes the next block.</summary>
    /// <returns>The first trouble in it; null where there is none.</returns>
    public (RowTrouble Kind, long Line)? Add(BlockScan block)
    {
        (RowTrouble Kind, long Line)? first = block.Troubles.Count > 0 ? block.Troubles.MinBy(trouble => trouble.Line) : null;
        foreach (var (kind, line) in block.Troubles)
        {
            _book.Trouble(kind, new RowPlace(input, line));
        }

        foreach (var channel in block.Channels)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_rowsByChannel, channel, out _)++;
        }

        foreach (var row in block.Hits)
        {
            var isDuplicate = row.Passed && !seen.Add(row.Identity);
            if (isDuplicate)
            {
                _book.Trouble(RowTrouble.DuplicateId, new RowPlace(input, row.Line));
                first = first is { } found && found.Line <= row.Line ? first : (RowTrouble.DuplicateId, row.Line);
            }
            else if (row.Passed)
            {
                _identities.Add(row.Identity);
                survivors.Write(row.Json);
            }

            _book.Hit(row, input, isDuplicate);
        }

        _book.Rows(block.Rows, block.Dropped);
        return first;
    }

    public ShardTally Close(CandidatePosition to, bool isLast) => new()
    {
        Input = input, From = from, To = to, IsLast = isLast, Counts = _book.Close(to.Offset - from.Offset),
    };
}

using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Screening.Report;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>What the keyword stage finds in one block.</summary>
internal sealed class BlockScan(string input, CandidateFormat format, bool labelled) : ICandidateSink
{
    private readonly List<Misjudged> _missed = [];
    private ChannelKey _channel;
    private Confusion _dropped;
    private long _unlabelled;

    public string Input => input;

    /// <summary>Rows that passed, in order.</summary>
    public List<ScannedRow> Hits { get; } = [];

    /// <summary>Unusable rows, in order.</summary>
    public List<(RowTrouble Kind, long Line)> Troubles { get; } = [];

    /// <summary>The channel of each usable row that names one.</summary>
    public List<ChannelKey> Channels { get; } = [];

    public long Rows { get; set; }

    /// <summary>Labels of the rows that the keyword stage dropped; null without a label column.</summary>
    public LabelTally? Dropped => labelled ? new LabelTally(_dropped, _dropped, _unlabelled, [], [], _missed) : null;

    public void Hit(in CandidateHit hit) =>
        Hits.Add(new ScannedRow(hit.Line, hit.Row, hit.Terms, _channel, format == CandidateFormat.Ndjson ? hit.Raw.ToArray() : []));

    public void Trouble(RowTrouble trouble, long line) => Troubles.Add((trouble, line));

    public void Keys(in CandidateKeys keys)
    {
        // A hit's channel is the one that its row is counted for.
        _channel = ChannelKey.Of(keys.Channel);
        if (!_channel.IsNone)
        {
            Channels.Add(_channel);
        }

        if (!labelled)
        {
            return;
        }

        if (MedicalLabel.Parse(keys.Label) is not { } label)
        {
            _unlabelled++;
        }
        else if (!keys.IsHit)
        {
            _dropped = _dropped.With(label, predicted: false);
            if (label && _missed.Count < LabelTally.MaxExamples)
            {
                _missed.Add(new Misjudged(null, Encoding.UTF8.GetString(keys.Title), keys.Id.IsEmpty ? null : Encoding.UTF8.GetString(keys.Id), input, keys.Line));
            }
        }
    }
}

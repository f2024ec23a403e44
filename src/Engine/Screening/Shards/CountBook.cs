using System.Runtime.InteropServices;
using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Report;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>Counts the rows of one shard.</summary>
internal sealed class CountBook(bool labelled)
{
    private readonly Dictionary<RowTrouble, TroubleCount> _troubles = [];
    private readonly Dictionary<string, StageCount> _categories = [];
    private readonly Dictionary<string, StageCount> _terms = [];
    private readonly HashSet<string> _seen = [];
    private readonly List<Misjudged> _falsePositives = [];
    private readonly List<Misjudged> _falseNegatives = [];
    private LabelTally _labels = LabelTally.Empty;
    private Confusion _keyword;
    private Confusion _both;
    private List<SampledRow> _sample = [];
    private long _rows;
    private long _hits;
    private long _rejected;
    private long _duplicates;
    private long _survivors;
    private long _withoutChannel;

    public long RowCount => _rows;

    public long HitCount => _hits;

    public long TroubleCount => _troubles.Values.Sum(trouble => trouble.Count);

    public void Trouble(RowTrouble kind, RowPlace place) => _troubles[kind] = _troubles.GetValueOrDefault(kind, Shards.TroubleCount.None).Then(place);

    /// <summary>The rows of a block, and the labels of those that the keyword stage dropped.</summary>
    public void Rows(long rows, LabelTally? dropped)
    {
        _rows += rows;
        if (dropped is not null)
        {
            _labels = _labels.Then(dropped);
        }
    }

    public void Hit(ScannedRow row, string input, bool isDuplicate)
    {
        var survives = row.Passed && !isDuplicate;
        _hits++;
        _rejected += row.Passed ? 0 : 1;
        _duplicates += isDuplicate ? 1 : 0;
        _survivors += survives ? 1 : 0;
        _withoutChannel += survives && row.Channel.IsNone ? 1 : 0;
        Count(_terms, row.Terms.Select(term => term.Term), survives);
        Count(_categories, row.Terms.Select(term => term.Category), survives);
        if (!row.Passed)
        {
            Sample(row);
        }

        if (labelled)
        {
            Judge(row, input);
        }
    }

    public ScreeningCounts Close(long bytes) => new()
    {
        Bytes = bytes,
        Rows = _rows,
        Hits = _hits,
        Rejected = _rejected,
        Duplicates = _duplicates,
        Survivors = _survivors,
        WithoutChannel = _withoutChannel,
        Troubles = _troubles,
        Categories = _categories,
        Terms = _terms,
        Labels = labelled ? _labels.Then(new LabelTally(_keyword, _both, 0, _falsePositives, _falseNegatives, [])) : null,
        Sample = SampledRow.Smallest(_sample),
    };

    private void Count(Dictionary<string, StageCount> counts, IEnumerable<string> names, bool survives)
    {
        _seen.Clear();
        foreach (var name in names)
        {
            if (_seen.Add(name))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += new StageCount(1, survives ? 1 : 0);
            }
        }
    }

    private void Sample(ScannedRow row)
    {
        _sample.Add(new SampledRow((ulong)row.Identity, Encoding.UTF8.GetString(row.Json)));
        if (_sample.Count >= 4 * SampledRow.MaxRows)
        {
            _sample = [.. SampledRow.Smallest(_sample)];
        }
    }

    private void Judge(ScannedRow row, string input)
    {
        if (MedicalLabel.Parse(row.Row.Label) is not { } label)
        {
            return;
        }

        _keyword = _keyword.With(label, predicted: true);
        _both = _both.With(label, row.Passed);
        if (label == row.Passed)
        {
            return;
        }

        var examples = row.Passed ? _falsePositives : _falseNegatives;
        examples.Add(new Misjudged(row.Probability, row.Row.Title, row.Row.Id, input, row.Line));
        if (examples.Count >= 4 * LabelTally.MaxExamples)
        {
            var kept = LabelTally.Empty.Then(new LabelTally(default, default, 0, _falsePositives, _falseNegatives, []));
            examples.Clear();
            examples.AddRange(row.Passed ? kept.FalsePositives : kept.FalseNegatives);
        }
    }
}

using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Engine.Ledger;

/// <summary>What stages finished, by minute and by hour: gathered during a transaction and written with it, so that nothing is counted twice or lost over a kill.</summary>
internal sealed class ThroughputBook
{
    /// <summary>Spans that are counted, seconds.</summary>
    public static readonly int[] Spans = [60, 3600];

    /// <summary>How long minutes are kept, seconds; hours are kept for ever.</summary>
    public const long MinutesKept = 7 * 24 * 3600;

    private readonly Dictionary<(long Second, StageId Stage, long Job), Counts> _pending = [];
    private readonly Statement _add;
    private readonly Statement _dropMinutes;
    private long _droppedInHour;

    private record struct Counts(long Passed, long Rejected, long Failed, double Busy);

    public ThroughputBook(LedgerSession session)
    {
        _add = session.Prepare(
            """
            INSERT INTO throughput(span, start, stage, job, passed, rejected, failed, busy) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)
            ON CONFLICT(span, start, stage, job) DO UPDATE SET
                passed = throughput.passed + excluded.passed, rejected = throughput.rejected + excluded.rejected,
                failed = throughput.failed + excluded.failed, busy = throughput.busy + excluded.busy
            """,
            "iiiiiiir");
        _dropMinutes = session.Prepare("DELETE FROM throughput WHERE span = 60 AND start < @0", "i");
    }

    /// <param name="now">Unix milliseconds.</param>
    public void Add(long now, long job, Decision decision, double seconds)
    {
        var key = (now / 60_000 * 60, decision.Stage, job);
        var counts = _pending.GetValueOrDefault(key);
        _pending[key] = decision.Verdict switch
        {
            DecisionVerdict.Passed => counts with { Passed = counts.Passed + 1, Busy = counts.Busy + seconds },
            DecisionVerdict.Rejected => counts with { Rejected = counts.Rejected + 1, Busy = counts.Busy + seconds },
            _ => counts with { Failed = counts.Failed + 1, Busy = counts.Busy + seconds },
        };
    }

    public void Write()
    {
        // In one order, so that no two writers wait for each other.
        foreach (var span in Spans)
        {
            foreach (var ((start, stage, job), counts) in _pending.OrderBy(pair => pair.Key))
            {
                _add.Queue((long)span, start / span * span, (long)stage, job, counts.Passed, counts.Rejected, counts.Failed, counts.Busy);
            }
        }

        if (_pending.Count > 0)
        {
            DropOldMinutes(_pending.Keys.Max().Second);
        }
    }

    public void Forget() => _pending.Clear();

    /// <summary>Once an hour, and with the first count after an opening. Where the transaction is rolled back, the next hour drops them.</summary>
    private void DropOldMinutes(long now)
    {
        if (now / 3600 == _droppedInHour)
        {
            return;
        }

        _droppedInHour = now / 3600;
        _dropMinutes.Queue(now - MinutesKept);
    }
}

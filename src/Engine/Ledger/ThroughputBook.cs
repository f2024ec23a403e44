using MedGenCluster.Curation.Domain;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

/// <summary>What stages finished, by minute and by hour: gathered during a transaction and written with it, so that nothing is counted twice or lost over a kill.</summary>
internal sealed class ThroughputBook : IDisposable
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

    public ThroughputBook(SqliteConnection connection)
    {
        _add = new Statement(
            connection,
            """
            INSERT INTO throughput(span, start, stage, job, passed, rejected, failed, busy) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)
            ON CONFLICT(span, start, stage, job) DO UPDATE SET
                passed = passed + excluded.passed, rejected = rejected + excluded.rejected, failed = failed + excluded.failed, busy = busy + excluded.busy
            """,
            8);
        _dropMinutes = new Statement(connection, "DELETE FROM throughput WHERE span = 60 AND start < @0", 1);
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

    public void Write(SqliteTransaction transaction)
    {
        foreach (var ((start, stage, job), counts) in _pending)
        {
            foreach (var span in Spans)
            {
                _add.Bind(transaction, (long)span, start / span * span, (long)stage, job, counts.Passed, counts.Rejected, counts.Failed, counts.Busy).Execute();
            }

            DropOldMinutes(transaction, start);
        }
    }

    public void Forget() => _pending.Clear();

    public void Dispose()
    {
        _add.Dispose();
        _dropMinutes.Dispose();
    }

    /// <summary>Once an hour, and with the first count after an opening. Where the transaction is rolled back, the next hour drops them.</summary>
    private void DropOldMinutes(SqliteTransaction transaction, long now)
    {
        if (now / 3600 == _droppedInHour)
        {
            return;
        }

        _droppedInHour = now / 3600;
        _dropMinutes.Bind(transaction, now - MinutesKept).Execute();
    }
}

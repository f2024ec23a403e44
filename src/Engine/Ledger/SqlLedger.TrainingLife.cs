using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Training;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    /// <summary>A time before all others, Unix milliseconds.</summary>
    private const long Never = 0;

    public Task<TrainingRow?> ClaimTrainingAsync(long? run, string operation, TimeSpan lease) => RunAsync(
        now =>
        {
            foreach (var candidate in Unended(run))
            {
                var claimed = new TrainingEvent.Claimed(operation, At(now) + lease);
                if (TrainingInTurn(candidate) is { Life.Phase: TrainingPhase.Waiting or TrainingPhase.Running or TrainingPhase.Stopping } row && Apply(row, claimed, now, RetryPolicy.Default))
                {
                    _session.Prepare("UPDATE training SET started_at = COALESCE(started_at, @1), ended_at = NULL WHERE id = @0", "ii").Execute(candidate, now);
                    return TrainingInTurn(candidate);
                }
            }

            return null;
        },
        alone: true);

    public Task<bool> RenewTrainingAsync(long run, string operation, TimeSpan lease) => RecordAsync(run, operation, lease, () => { }, quiet: true);

    public Task<bool> ChangeTrainingAsync(long run, TrainingEvent happened) => RunAsync(
        now => TrainingInTurn(run) is { } row
            ? Apply(row, happened, now, RetryPolicy.Default)
            : throw new LedgerException($"There is no training run {run}; `medgen trainings` lists them."),
        alone: true);

    public Task<bool> RecordCheckpointAsync(long run, string operation, StoredCheckpoint checkpoint, TimeSpan lease) => RunAsync(
        now =>
        {
            var happened = new TrainingEvent.Checkpointed(operation, new TrainingCheckpoint(checkpoint.Step, checkpoint.Media.Sha256), At(now) + lease);
            if (TrainingInTurn(run) is not { } row || !Apply(row, happened, now, RetryPolicy.Default))
            {
                return false;
            }

            _session.Prepare(
                """
                INSERT INTO training_checkpoint(run, step, name, media_sha, media_length, at) VALUES (@0, @1, @2, @3, @4, @5)
                ON CONFLICT(run, step) DO UPDATE SET name = excluded.name, media_sha = excluded.media_sha, media_length = excluded.media_length, at = excluded.at
                """,
                "iittii").Execute(run, checkpoint.Step, checkpoint.Name, checkpoint.Media.Sha256, checkpoint.Media.Length, now);
            return true;
        },
        alone: true);

    public Task<bool> EndTrainingAsync(long run, string operation, TrainingEnd end, RetryPolicy retry) => RunAsync(
        now =>
        {
            TrainingEvent happened = end switch
            {
                TrainingEnd.Finished => new TrainingEvent.Finished(operation),
                TrainingEnd.Crashed crash => new TrainingEvent.Crashed(operation, crash.Message, crash.Retryable),
                _ => new TrainingEvent.Stopped(operation),
            };
            if (TrainingInTurn(run) is not { } row || !Apply(row, happened, now, retry))
            {
                return false;
            }

            var (crashed, finished) = (end as TrainingEnd.Crashed, end as TrainingEnd.Finished);
            _session.Prepare("UPDATE training SET kind = @1, hint = @2, model_sha = @3, model_length = @4, model_path = @5 WHERE id = @0", "itttit")
                .Execute(run, crashed?.Kind, crashed?.Hint, finished?.Model?.Sha256, finished?.Model?.Length, finished?.ModelPath);
            return true;
        },
        alone: true);

    public Task<int> ReclaimTrainingsAsync(Func<string, bool> isDead, RetryPolicy retry) => RunAsync(
        now =>
        {
            var dead = Unended(null).Select(TrainingInTurn).OfType<TrainingRow>().Where(row => row.Life.Operation is { } operation && isDead(operation)).ToList();
            foreach (var row in dead)
            {
                Apply(row with { Life = row.Life with { Until = At(now) } }, new TrainingEvent.Looked(), now, retry);
            }

            return dead.Count;
        },
        alone: true);

    /// <summary>Extends a lease, and remembers something where it is still held.</summary>
    private Task<bool> RecordAsync(long run, string operation, TimeSpan lease, Action remember, bool quiet = false) => RunAsync(
        now =>
        {
            var mine = TrainingInTurn(run) is { } row && Apply(row, new TrainingEvent.Progressed(operation, At(now) + lease), now, RetryPolicy.Default);
            if (mine)
            {
                remember();
            }

            return mine;
        },
        alone: true,
        quiet);

    /// <summary>Runs that have not ended, in their order.</summary>
    private List<long> Unended(long? run)
    {
        using var reader = _session.Prepare("SELECT id FROM training WHERE phase < 3 AND (@0 = 0 OR id = @0) ORDER BY id", "i").Read(run ?? 0);
        var runs = new List<long>();
        while (reader.Read())
        {
            runs.Add(reader.GetInt64(0));
        }

        return runs;
    }

    /// <summary>Stores what an event makes of a run.</summary>
    /// <returns>Whether the event concerned it.</returns>
    private bool Apply(TrainingRow row, TrainingEvent happened, long now, RetryPolicy retry)
    {
        var (life, taken, remember) = TrainingLifecycle.Apply(row.Life, happened, retry, At(now));
        if (taken || remember)
        {
            _session.Prepare(
                """
                UPDATE training SET phase = @1, attempts = @2, operation = @3, until_at = @4, not_before = @5, reason = @6, checkpoint_step = @7, checkpoint_sha = @8, ended_at = @9 WHERE id = @0
                """,
                "iiitiititi").Execute(
                row.Id, (long)life.Phase, (long)life.Attempts, life.Operation, Stored(life.Until), Stored(life.NotBefore), life.Reason, life.Checkpoint?.Step, life.Checkpoint?.Sha256,
                life.IsTerminal ? row.EndedAt?.ToUnixTimeMilliseconds() ?? now : null);
        }

        return taken;
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long Stored(DateTimeOffset moment) => Math.Max(Never, moment.ToUnixTimeMilliseconds());
}

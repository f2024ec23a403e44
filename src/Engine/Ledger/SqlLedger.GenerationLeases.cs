using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Generation;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    public Task<GenerationLeases> LeaseGenerationsAsync(long? job, int max, string owner, TimeSpan lease) => RunAsync(
        now =>
        {
            var jobs = RunningGenerations(job);
            if (jobs.Count == 0)
            {
                return new GenerationLeases([], null);
            }

            PutAside(jobs, now);
            var items = Take(jobs, max, owner, now, now + (long)lease.TotalMilliseconds);
            var due = items.Count > 0 ? null : _session.Prepare(
                $"SELECT MIN((SELECT MIN(due_at) FROM generation_item WHERE state < 2 AND job = k.value)) FROM {_session.Dialect.Each(0)}", "I").Scalar(jobs);
            return new GenerationLeases(items, InCallersTime(due, now));
        },
        alone: true,
        quiet: true);

    public Task<int> RenewGenerationsAsync(IReadOnlyList<long> items, string owner, TimeSpan lease) => RunAsync(
        now => _session.Prepare($"UPDATE generation_item SET due_at = @2 WHERE seq {_session.Dialect.In(0)} AND lease_owner = @1 AND state = 1", "Iti")
            .Execute(items, owner, now + (long)lease.TotalMilliseconds),
        alone: true,
        quiet: true);

    public Task ReleaseGenerationsAsync(IReadOnlyList<long> items, string owner) => RunAsync(
        _ => _session.Prepare($"UPDATE generation_item SET state = 0, due_at = 0, lease_owner = NULL WHERE seq {_session.Dialect.In(0)} AND lease_owner = @1 AND state = 1", "It").Execute(items, owner),
        alone: true);

    public Task<bool> CompleteGenerationAsync(long item, string owner, GenerationOutcome outcome, RetryPolicy retry) => RunAsync(
        now => outcome switch
        {
            GenerationOutcome.Done done => Finish(item, owner, done, now),
            GenerationOutcome.Failed failed => Fail(item, owner, failed, retry, now),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        },
        alone: true);

    public Task<int> ReclaimGenerationsAsync(IReadOnlyList<string> dead) => RunAsync(
        // They stay leased, to nobody: whoever takes them next counts the strike.
        _ => _session.Prepare($"UPDATE generation_item SET due_at = {Freed}, lease_owner = NULL WHERE state = 1 AND lease_owner {_session.Dialect.In(0)}", "T").Execute(dead),
        alone: true);

    private List<long> RunningGenerations(long? job)
    {
        using var reader = _session.Prepare("SELECT id FROM generation WHERE state = 0 AND (@0 = 0 OR id = @0) ORDER BY id", "i").Read(job ?? 0);
        var jobs = new List<long>();
        while (reader.Read())
        {
            jobs.Add(reader.GetInt64(0));
        }

        return jobs;
    }

    private List<LeasedGeneration> Take(List<long> jobs, int max, string owner, long now, long until)
    {
        var items = new List<GenerationItemRow>();
        var statement = _session.Prepare(
            $"""
            UPDATE generation_item SET strikes = strikes + state, state = 1, due_at = @0, lease_owner = @1
            WHERE seq {_session.Dialect.Taken(key => $"SELECT seq FROM generation_item WHERE state < 2 AND job = {key} AND due_at <= @3 ORDER BY due_at, seq", keys: 2, limit: 4)}
            RETURNING {GenerationItemColumns}
            """,
            $"it{(_session.Dialect.TakesOneKey ? 'i' : 'I')}ii");
        for (var i = 0; i < (_session.Dialect.TakesOneKey ? jobs.Count : 1) && items.Count < max; i++)
        {
            using var reader = statement.Read(until, owner, _session.Dialect.TakesOneKey ? jobs[i] : jobs, now, (long)(max - items.Count));
            while (reader.Read())
            {
                items.Add(ReadGenerationItem(reader));
            }
        }

        return [.. items.OrderBy(item => item.Seq).Select(item =>
        {
            using var prompt = _session.Prepare("SELECT id, text FROM generation_prompt WHERE job = @0 AND position = @1", "ii").Read(item.Job, (long)item.Prompt);
            prompt.Read();
            return new LeasedGeneration(item, prompt.GetString(0), prompt.GetString(1));
        })];
    }

    /// <summary>Gives up items that take every worker down: those whose lease ran out too often.</summary>
    private void PutAside(List<long> jobs, long now)
    {
        var counts = new Dictionary<long, long>();
        using (var reader = _session.Prepare(
            $"""
            UPDATE generation_item SET state = 3, strikes = strikes + 1, lease_owner = NULL, reason = 'its worker died {ItemWriter.MaxStrikes} times with it'
            WHERE job {_session.Dialect.In(0)} AND state = 1 AND due_at > 0 AND due_at <= @1 AND strikes >= {ItemWriter.MaxStrikes - 1} RETURNING job
            """,
            "Ii").Read(jobs, now))
        {
            while (reader.Read())
            {
                counts[reader.GetInt64(0)] = counts.GetValueOrDefault(reader.GetInt64(0)) + 1;
            }
        }

        foreach (var (job, count) in counts.OrderBy(pair => pair.Key))
        {
            Count(job, done: 0, failed: count, seconds: 0, now);
        }
    }

    private bool Finish(long item, string owner, GenerationOutcome.Done done, long now)
    {
        var job = _session.Prepare(
            """
            UPDATE generation_item SET state = 2, lease_owner = NULL, reason = NULL, media_sha = @2, media_length = @3, facts = @4, seconds = @5
            WHERE seq = @0 AND lease_owner = @1 AND state = 1 RETURNING job
            """,
            "ittitr").Scalar(item, owner, done.Media.Sha256, done.Media.Length, done.Facts, done.Seconds);
        if (job is { } counted)
        {
            Count(counted, done: 1, failed: 0, done.Seconds, now);
        }

        return job is not null;
    }

    private bool Fail(long item, string owner, GenerationOutcome.Failed failed, RetryPolicy retry, long now)
    {
        if (_session.Prepare($"SELECT attempts FROM generation_item WHERE seq = @0 AND lease_owner = @1 AND state = 1{_session.Dialect.ForUpdate}", "it").Scalar(item, owner) is not { } attempts)
        {
            return false;
        }

        var again = failed.Retryable && attempts + 1 < retry.MaxAttempts;
        var due = again ? now + (long)retry.DelayAfter((int)attempts + 1, $"generation-{item}").TotalMilliseconds : 0;
        var job = _session.Prepare("UPDATE generation_item SET state = @1, attempts = attempts + 1, due_at = @2, reason = @3, lease_owner = NULL WHERE seq = @0 RETURNING job", "iiit")
            .Scalar(item, again ? 0L : 3L, due, failed.Reason)!.Value;
        if (!again)
        {
            Count(job, done: 0, failed: 1, seconds: 0, now);
        }

        return true;
    }

    private void Count(long job, long done, long failed, double seconds, long now)
    {
        _session.Prepare("UPDATE generation SET done = done + @1, failed = failed + @2, busy = busy + @3 WHERE id = @0", "iiir").Execute(job, done, failed, seconds);
        EndGenerations(now);
    }
}

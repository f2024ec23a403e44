using System.Data.Common;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Training;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    private const string LifeColumns = "phase, attempts, operation, until_at, not_before, reason, checkpoint_step, checkpoint_sha";
    private const string TrainingColumns =
        LifeColumns + ", id, name, settings, kind, hint, step, steps, loss, busy, code_version, prepared, model_sha, model_length, model_path, created_at, started_at, ended_at";

    public Task<TrainingRow> CreateTrainingAsync(string name, TrainingSettings settings) => RunAsync(now =>
    {
        var id = _session.Prepare(
            $"""
            INSERT INTO training(name, settings, phase, attempts, until_at, not_before, step, steps, busy, created_at) VALUES (@0, @1, 0, 0, {Never}, {Never}, 0, 0, 0, @2) RETURNING id
            """,
            "tti").Scalar(name, JsonSerializer.Serialize(settings, EngineJson.Default.TrainingSettings), now)!.Value;
        return TrainingInTurn(id)!;
    });

    public Task<IReadOnlyList<TrainingRow>> TrainingsAsync() => ReadAsync(connection =>
        (IReadOnlyList<TrainingRow>)Rows(connection, $"SELECT {TrainingColumns} FROM training ORDER BY id DESC", ReadTraining));

    public async Task<TrainingRow?> TrainingAsync(long run) =>
        (await ReadAsync(connection => Rows(connection, $"SELECT {TrainingColumns} FROM training WHERE id = @run", ReadTraining, ("@run", run))).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<TrainingStep>> TrainingStepsAsync(long run, long after = 0) => ReadAsync(connection => (IReadOnlyList<TrainingStep>)Rows(
        connection, "SELECT step, loss, lr, grad_norm, seconds, rate, memory_mb FROM training_step WHERE run = @run AND step > @after ORDER BY step",
        row => new TrainingStep(row.GetInt64(0), row.GetDouble(1), Real(row, 2), Real(row, 3), Real(row, 4), Real(row, 5), Real(row, 6)), ("@run", run), ("@after", after)));

    public Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(long run) => ReadAsync(connection => (IReadOnlyList<StoredCheckpoint>)Rows(
        connection, "SELECT step, name, media_sha, media_length FROM training_checkpoint WHERE run = @run ORDER BY step",
        row => new StoredCheckpoint(row.GetInt64(0), row.GetString(1), new MediaRef(row.GetString(2), row.GetInt64(3))), ("@run", run)));

    public Task<IReadOnlyList<TrainingClip>> TrainingClipsAsync(long run) => ReadAsync(connection => (IReadOnlyList<TrainingClip>)Rows(
        connection, "SELECT step, prompt, seed, media_sha, media_length FROM training_clip WHERE run = @run ORDER BY step, prompt, seed",
        row => new TrainingClip(row.GetInt64(0), row.GetString(1), row.GetInt64(2), new MediaRef(row.GetString(3), row.GetInt64(4))), ("@run", run)));

    public Task<bool> RecordPreparedAsync(long run, string operation, string prepared, TimeSpan lease) => RecordAsync(
        run, operation, lease, () => _session.Prepare("UPDATE training SET prepared = @1 WHERE id = @0", "it").Execute(run, prepared));

    public Task<bool> RecordStartAsync(long run, string operation, long steps, string? codeVersion, TimeSpan lease) => RecordAsync(
        run, operation, lease, () => _session.Prepare("UPDATE training SET steps = @1, code_version = @2 WHERE id = @0", "iit").Execute(run, steps, codeVersion));

    public Task<bool> RecordStepsAsync(long run, string operation, IReadOnlyList<TrainingStep> steps, TimeSpan lease) => RecordAsync(run, operation, lease, () =>
    {
        if (steps.Count == 0)
        {
            return;
        }

        _session.Prepare(
            """
            INSERT INTO training_step(run, step, loss, lr, grad_norm, seconds, rate, memory_mb) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)
            ON CONFLICT(run, step) DO UPDATE SET loss = excluded.loss, lr = excluded.lr, grad_norm = excluded.grad_norm, seconds = excluded.seconds, rate = excluded.rate, memory_mb = excluded.memory_mb
            """,
            "iirrrrrr").ExecuteEach([.. steps.Select(step => (object?[])[run, step.Step, step.Loss, step.LearningRate, step.GradNorm, step.Seconds, step.Rate, step.MemoryMb])]);
        _session.Prepare("UPDATE training SET step = @1, loss = @2, busy = busy + @3 WHERE id = @0", "iirr").Execute(run, steps[^1].Step, steps[^1].Loss, steps.Sum(step => step.Seconds ?? 0));
    });

    public Task<bool> RecordClipAsync(long run, string operation, TrainingClip clip, TimeSpan lease) => RecordAsync(run, operation, lease, () => _session.Prepare(
        """
        INSERT INTO training_clip(run, step, prompt_key, prompt, seed, media_sha, media_length) VALUES (@0, @1, @2, @3, @4, @5, @6)
        ON CONFLICT(run, step, prompt_key, seed) DO UPDATE SET media_sha = excluded.media_sha, media_length = excluded.media_length
        """,
        "iittiti").Execute(run, clip.Step, PromptFile.IdOf(clip.Prompt), clip.Prompt, clip.Seed, clip.Media.Sha256, clip.Media.Length));

    private TrainingRow? TrainingInTurn(long run)
    {
        using var reader = _session.Prepare($"SELECT {TrainingColumns} FROM training WHERE id = @0{_session.Dialect.ForUpdate}", "i").Read(run);
        return reader.Read() ? ReadTraining(reader) : null;
    }

    private static TrainingRow ReadTraining(DbDataReader row)
    {
        var life = new TrainingLife(
            (TrainingPhase)row.GetInt64(0), (int)row.GetInt64(1), row.IsDBNull(6) ? null : new TrainingCheckpoint(row.GetInt64(6), row.GetString(7)), Words(row, 2),
            At(row.GetInt64(3)), At(row.GetInt64(4)), Words(row, 5));
        return new TrainingRow(
            row.GetInt64(8), row.GetString(9), JsonSerializer.Deserialize(row.GetString(10), EngineJson.Default.TrainingSettings)!, life, Words(row, 11), Words(row, 12), row.GetInt64(13), row.GetInt64(14),
            Real(row, 15), row.GetDouble(16), Words(row, 17), Words(row, 18), row.IsDBNull(19) ? null : new MediaRef(row.GetString(19), row.GetInt64(20)), Words(row, 21),
            At(row.GetInt64(22)), Moment(row, 23), Moment(row, 24));
    }
}

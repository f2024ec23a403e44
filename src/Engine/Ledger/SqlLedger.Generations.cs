using System.Data.Common;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    private const string GenerationColumns = "id, name, plan_key, settings, state, items, done, failed, busy, created_at, ended_at";
    private const string GenerationItemColumns = "seq, job, model, prompt, seed, state, attempts, strikes, reason, media_sha, media_length, facts, seconds";

    /// <summary>As soon as anything: due, and told apart from what was never handed out.</summary>
    private const long Freed = 1;

    public Task<GenerationRow> CreateGenerationAsync(GenerationPlan plan) => RunAsync(
        now =>
        {
            var key = plan.Key();
            var settings = JsonSerializer.Serialize(plan.Settings, EngineJson.Default.GenerationSettings);
            var id = _session.Prepare(
                $"INSERT INTO generation(name, plan_key, settings, state, items, done, failed, busy, created_at) VALUES (@0, @1, @2, 0, @3, 0, 0, 0, @4) ON CONFLICT(plan_key) DO NOTHING RETURNING id", "tttii")
                .Scalar(plan.Name, key, settings, plan.Settings.Items, now);
            if (id is { } created)
            {
                AddItems(created, plan);
            }
            else
            {
                // The folders may have moved since; a cancelled job runs again.
                _session.Prepare("UPDATE generation SET settings = @1, state = CASE state WHEN 2 THEN 0 ELSE state END WHERE plan_key = @0", "tt").Execute(key, settings);
                EndGenerations(now);
            }

            using var reader = _session.Prepare($"SELECT {GenerationColumns} FROM generation WHERE plan_key = @0", "t").Read(key);
            reader.Read();
            return ReadGeneration(reader);
        },
        alone: true);

    public Task<IReadOnlyList<GenerationRow>> GenerationsAsync() => ReadAsync(connection =>
        (IReadOnlyList<GenerationRow>)Rows(connection, $"SELECT {GenerationColumns} FROM generation ORDER BY id DESC", ReadGeneration));

    public async Task<GenerationRow?> GenerationAsync(long job) =>
        (await ReadAsync(connection => Rows(connection, $"SELECT {GenerationColumns} FROM generation WHERE id = @job", ReadGeneration, ("@job", job))).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<Prompt>> GenerationPromptsAsync(long job) => ReadAsync(connection => (IReadOnlyList<Prompt>)Rows(
        connection, "SELECT id, text, category, line FROM generation_prompt WHERE job = @job ORDER BY position",
        row => new Prompt(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), (int)row.GetInt64(3)), ("@job", job)));

    public Task<IReadOnlyList<GenerationItemRow>> GenerationItemsAsync(GenerationItemQuery query) => ReadAsync(connection => (IReadOnlyList<GenerationItemRow>)Rows(
        connection,
        $"""
        SELECT {GenerationItemColumns} FROM generation_item WHERE job = @job AND seq > @after
        {(query.State is null ? "" : "AND state = @state")} {(query.Prompt is null ? "" : "AND prompt >= @prompt AND prompt < @end")} ORDER BY seq LIMIT @limit
        """,
        ReadGenerationItem, ("@job", query.Job), ("@after", query.After), ("@state", (long?)query.State ?? 0), ("@prompt", (long)(query.Prompt ?? 0)), ("@end", (long)(query.Prompt ?? 0) + query.Prompts), ("@limit", (long)query.Limit)));

    public async Task<GenerationItemRow?> GenerationItemAsync(long item) => (await ReadAsync(connection => Rows(
        connection, $"SELECT {GenerationItemColumns} FROM generation_item WHERE seq = @item", ReadGenerationItem, ("@item", item))).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<string>> GenerationOwnersAsync() => ReadAsync(connection => (IReadOnlyList<string>)Rows(
        connection, "SELECT DISTINCT lease_owner FROM generation_item WHERE lease_owner IS NOT NULL ORDER BY lease_owner", row => row.GetString(0)));

    public Task<bool> CancelGenerationAsync(long job) => RunAsync(
        now => _session.Prepare("UPDATE generation SET state = 2, ended_at = @1 WHERE id = @0 AND state = 0", "ii").Execute(job, now) > 0, alone: true);

    public Task<int> RetryGenerationAsync(long job) => RunAsync(
        now =>
        {
            var retried = _session.Prepare("UPDATE generation_item SET state = 0, attempts = 0, strikes = 0, due_at = 0 WHERE job = @0 AND state = 3", "i").Execute(job);
            _session.Prepare("UPDATE generation SET state = 0, failed = 0, ended_at = NULL WHERE id = @0 AND (state = 2 OR failed > 0)", "i").Execute(job);
            EndGenerations(now);
            return retried;
        },
        alone: true);

    private void AddItems(long job, GenerationPlan plan)
    {
        _session.Prepare("INSERT INTO generation_prompt(job, position, id, category, text, line) VALUES (@0, @1, @2, @3, @4, @5)", "iittti")
            .ExecuteEach([.. plan.Prompts.Select((prompt, position) => (object?[])[job, (long)position, prompt.Id, prompt.Category, prompt.Text, (long)prompt.Line])]);
        var settings = plan.Settings;
        var items =
            from model in Enumerable.Range(0, settings.Models.Count)
            from prompt in Enumerable.Range(0, plan.Prompts.Count)
            from seed in Enumerable.Range(0, settings.PerPrompt)
            select (object?[])[job, (long)model, (long)prompt, settings.FirstSeed + seed];
        _session.Prepare(
            "INSERT INTO generation_item(job, model, prompt, seed, state, attempts, strikes, due_at, seconds) VALUES (@0, @1, @2, @3, 0, 0, 0, 0, 0)", "iiii").ExecuteEach([.. items]);
    }

    /// <summary>Ends running jobs that have nothing left to do.</summary>
    private void EndGenerations(long now) =>
        _session.Prepare("UPDATE generation SET state = 1, ended_at = @0 WHERE state = 0 AND done + failed >= items", "i").Execute(now);

    private static GenerationRow ReadGeneration(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), JsonSerializer.Deserialize(row.GetString(3), EngineJson.Default.GenerationSettings)!, (GenerationState)row.GetInt64(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetDouble(8), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)), Moment(row, 10));

    private static GenerationItemRow ReadGenerationItem(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), (int)row.GetInt64(2), (int)row.GetInt64(3), row.GetInt64(4), (GenerationItemState)row.GetInt64(5), (int)row.GetInt64(6), (int)row.GetInt64(7),
        Words(row, 8), row.IsDBNull(9) ? null : new MediaRef(row.GetString(9), row.GetInt64(10)), Words(row, 11), row.GetDouble(12));

    private static string? Words(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Moment(DbDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static List<T> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Add(name, value!);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

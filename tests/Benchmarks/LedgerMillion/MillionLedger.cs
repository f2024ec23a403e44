using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.LedgerMillion;

/// <summary>Writes the ledger of a crawl in full flight: a million clips at all stages and outcomes, with measurements and decisions, some leased by a process that died.</summary>
internal sealed class MillionLedger(SqliteConnection connection, int clips)
{
    private const int ClipsPerVideo = 15;
    private const string DeadOwner = "dead:1";

    private static readonly StageId[] Stages = [.. StageOrder.Clip(StageOrderKind.Paper).Stages];

    private readonly Random _random = new(55803);
    private readonly SqliteCommand _item = Prepare(
        connection,
        """
        INSERT INTO item(seq, id, kind, job, parent, outcome, stage, attempts, reason, score, due_at, lease_owner, facts, media_sha, media_length, open_children)
        VALUES (@0, @1, @2, 1, @3, @4, @5, 0, @6, @7, 0, @8, @9, @10, @11, @12)
        """,
        13);

    private readonly SqliteCommand _measurement = Prepare(
        connection, "INSERT INTO measurement(item, stage, stage_version, model_version, scores, at) VALUES (@0, @1, 1, 'demo@1', @2, 0)", 3);

    private readonly SqliteCommand _decision = Prepare(
        connection, "INSERT INTO decision(item, stage, verdict, reason, score, threshold, model_version, at) VALUES (@0, @1, @2, @3, @4, 0.5, 'demo@1', 0)", 5);

    private long _seq;

    public static async Task WriteAsync(string path, int clips)
    {
        await using (var ledger = SqliteLedger.Open(path, TimeProvider.System, NullLogger.Instance))
        {
            var job = await ledger.CreateJobAsync("a million clips", new SourceSpec("manifest", "/videos.csv"), new CurationOptions());
            await ledger.SetListedAsync(job.Id, true);
        }

        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        Execute(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
        await using (var transaction = (SqliteTransaction)await connection.BeginTransactionAsync())
        {
            new MillionLedger(connection, clips).Write();
            Execute(
                connection,
                """
                INSERT INTO tally(job, kind, outcome, stage, reason, n)
                SELECT job, kind, outcome, stage, CASE outcome WHEN 4 THEN reason ELSE '' END, COUNT(*) FROM item GROUP BY 1, 2, 3, 4, 5
                """);
            await transaction.CommitAsync();
        }

        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Write()
    {
        var written = 0;
        for (var number = 0; written < clips; number++)
        {
            var metadata = new VideoMetadata
            {
                SourceKind = "manifest", SourceKey = "video" + number, Location = $"https://videos.example/{number}.mp4", Title = $"Laparoscopic cholecystectomy, part {number}",
                Description = "A narrated operation with anatomy, instruments and every step explained for residents. " + new string('.', 400), Channel = "Surgery", DurationSeconds = 600,
            };
            written += WriteVideo(metadata, number, clips - written);
        }
    }

    private int WriteVideo(VideoMetadata metadata, int number, int left)
    {
        var facts = JsonSerializer.Serialize(metadata, EngineJson.Default.VideoMetadata);
        var video = ++_seq;
        if (number % 20 == 0)
        {
            // One in twenty is on its way or ended before its clips.
            var stage = StageOrder.Video.Stages[_random.Next(4)];
            var state = (number % 60) switch
            {
                0 => new LifeState(Outcome.Rejected, stage, 0, "off-topic", 0.1),
                20 => new LifeState(Outcome.Failed, stage, 3, "the host hung up"),
                _ => LifeState.At(stage),
            };
            WriteItem(video, metadata.Id.Value, ItemKind.Video, null, state, null, facts, null, 0);
            return 0;
        }

        var count = Math.Min(left, ClipsPerVideo);
        var open = 0;
        var first = _seq + 1;
        for (var i = 0; i < count; i++)
        {
            open += WriteClip(++_seq, video, metadata.Id, i);
        }

        var end = new LifeState(open > 0 ? Outcome.AwaitingClips : Outcome.Done, StageId.Segment);
        WriteItem(video, metadata.Id.Value, ItemKind.Video, null, end, null, facts, null, open);
        WriteTrail(video, StageOrder.Video.Stages, 4, end);
        return count;
    }

    /// <returns>1 when the clip is open.</returns>
    private int WriteClip(long seq, long video, VideoId id, int number)
    {
        var plan = new ClipPlan(ClipInterval.FromSeconds(number * 8, (number + 1) * 8), "and here we see the cystic artery, which we clip twice before we divide it");
        var at = _random.Next(Stages.Length);
        var fate = _random.Next(100);
        var (state, passed) = fate switch
        {
            < 30 => (LifeState.At(Stages[at]), at),
            < 31 => (new LifeState(Outcome.Failed, Stages[at], 3, "no frames"), at),
            < 75 => (new LifeState(Outcome.Rejected, Stages[at], 0, Stages[at].Name() + "-below-minimum", 0.2), at),
            _ => (new LifeState(Outcome.Accepted, Stages[^1]), Stages.Length),
        };
        var leased = state.Outcome == Outcome.Active && _random.Next(200) == 0 ? DeadOwner : null;
        var media = at > 0 || state.Outcome == Outcome.Accepted ? $"{seq:x64}" : null;
        WriteItem(seq, ClipId.From(id, plan.Interval).Value, ItemKind.Clip, video, state, leased, JsonSerializer.Serialize(plan, EngineJson.Default.ClipPlan), media, 0);
        WriteTrail(seq, Stages, passed, state);
        return state.IsTerminal ? 0 : 1;
    }

    private void WriteItem(long seq, string id, ItemKind kind, long? parent, LifeState state, string? owner, string facts, string? media, int open) => Run(
        _item, seq, id, (long)kind, parent, (long)state.Outcome, (long)state.Stage, state.Reason, state.Score, owner, facts, media, media is null ? null : 1_000_000L, (long)open);

    private void WriteTrail(long seq, IReadOnlyList<StageId> stages, int passed, LifeState state)
    {
        for (var i = 0; i < passed; i++)
        {
            Run(_measurement, seq, (long)stages[i], """{"score":0.8125,"margin":0.3125}""");
            Run(_decision, seq, (long)stages[i], (long)DecisionVerdict.Passed, null, 0.8125);
        }

        if (state.Outcome is Outcome.Rejected or Outcome.Failed)
        {
            Run(_decision, seq, (long)state.Stage, (long)(state.Outcome == Outcome.Rejected ? DecisionVerdict.Rejected : DecisionVerdict.Failed), state.Reason, state.Score);
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter("@" + i, DBNull.Value));
        }

        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

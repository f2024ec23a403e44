using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.LedgerMillion;

/// <summary>Writes the ledger of a crawl in full flight: a million clips at all stages and outcomes, with measurements and decisions, some leased by a process that died; and what its stages finished over a month.</summary>
internal sealed class MillionLedger(SqliteConnection connection, int clips)
{
    private const int ClipsPerVideo = 15;
    private const string DeadOwner = "dead:1";
    private const int Days = 30;

    private static readonly StageId[] Stages = [.. StageOrder.Clip(StageOrderKind.Paper).Stages];

    private readonly Random _random = new(55803);
    private readonly SqliteCommand _item = Prepare(
        connection,
        """
        INSERT INTO item(seq, id, kind, job, parent, outcome, stage, attempts, reason, score, due_at, lease_owner, facts, media_sha, media_length, open_children,
            measured, category, refused, border, words, aesthetic, technical_shipped, technical_corrected)
        VALUES (@0, @1, @2, 1, @3, @4, @5, 0, @6, @7, 0, @8, @9, @10, @11, @12, @13, @14, @15, @16, @17, @18, @19, @20)
        """,
        21);

    private readonly SqliteCommand _measurement = Prepare(
        connection, "INSERT INTO measurement(item, stage, stage_version, model_version, scores, data, at) VALUES (@0, @1, 1, 'demo@1', @2, @3, 0)", 4);

    private readonly SqliteCommand _decision = Prepare(
        connection, "INSERT INTO decision(item, stage, verdict, reason, score, threshold, model_version, at) VALUES (@0, @1, @2, @3, @4, 0.5, 'demo@1', 0)", 5);

    private readonly SqliteCommand _search = Prepare(connection, "INSERT INTO caption_search(rowid, text) VALUES (@0, @1)", 2);

    private readonly SqliteCommand _throughput = Prepare(
        connection, "INSERT INTO throughput(span, start, stage, job, passed, rejected, failed, busy) VALUES (@0, @1, @2, 1, @3, @4, @5, @6)", 7);

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

        WriteThroughput(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60);
    }

    /// <summary>A month without a pause, by minute and by hour.</summary>
    private void WriteThroughput(long end)
    {
        foreach (var stage in (StageId[])[.. StageOrder.Video.Stages, .. Stages])
        {
            foreach (var span in (long[])[60, 3600])
            {
                for (var start = (end - (Days * 86_400)) / span * span; start <= end; start += span)
                {
                    var (minutes, finished) = (span / 60, _random.Next(18, 30));
                    Run(_throughput, span, start, (long)stage, minutes * finished, minutes * 3, minutes / 4, minutes * finished * 0.4);
                }
            }
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
        var clip = MeasuredClip.Draw(_random, seq);
        var state = clip.State;
        var leased = state.Outcome == Outcome.Active && _random.Next(200) == 0 ? DeadOwner : null;
        var media = clip.Features.Has(StageId.Cut) ? $"{seq:x64}" : null;
        WriteItem(seq, ClipId.From(id, plan.Interval).Value, ItemKind.Clip, video, state, leased, JsonSerializer.Serialize(plan, EngineJson.Default.ClipPlan), media, 0, clip.Features);
        WriteTrail(seq, Stages, Stages.Count(clip.Features.Has), state, clip);
        if (clip.Features.Refused == false)
        {
            Run(_search, seq, clip.Caption.SearchText);
        }

        return state.IsTerminal ? 0 : 1;
    }

    private void WriteItem(long seq, string id, ItemKind kind, long? parent, LifeState state, string? owner, string facts, string? media, int open, ClipFeatures features = default) => Run(
        _item, seq, id, (long)kind, parent, (long)state.Outcome, (long)state.Stage, state.Reason, state.Score, owner, facts, media, media is null ? null : 1_000_000L, (long)open,
        (long)features.Measured, features.Category, features.Refused, features.Border, features.Words, features.Aesthetic, features.TechnicalAsShipped, features.TechnicalCorrected);

    /// <param name="measured">How many of the stages measured the item.</param>
    private void WriteTrail(long seq, IReadOnlyList<StageId> stages, int measured, LifeState state, MeasuredClip? clip = null)
    {
        for (var i = 0; i < measured; i++)
        {
            var (scores, data) = clip?.Stored(stages[i]) ?? ("""{"durationSeconds":600,"shortSide":720,"longSide":1280}""", null);
            Run(_measurement, seq, (long)stages[i], scores, data);
            if (state.Outcome != Outcome.Rejected || state.Stage != stages[i])
            {
                Run(_decision, seq, (long)stages[i], (long)DecisionVerdict.Passed, null, 0.8125);
            }
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

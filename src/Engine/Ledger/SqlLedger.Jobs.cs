using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    public Task<JobRow> CreateJobAsync(string name, SourceSpec source, CurationOptions options) => RunAsync(now =>
    {
        var id = _session.Prepare(
            "INSERT INTO job(name, source, options, state, listed, found, known, skipped, created_at) VALUES (@0, @1, @2, 0, 0, 0, 0, 0, @3) RETURNING id", "ttti")
            .Scalar(name, JsonSerializer.Serialize(source, EngineJson.Default.SourceSpec), JsonSerializer.Serialize(options, EngineJson.Default.CurationOptions), now)!.Value;
        return new JobRow(id, name, source, options, JobState.Running, false, 0, 0, 0, null, DateTimeOffset.FromUnixTimeMilliseconds(now));
    });

    public Task<IReadOnlyList<JobRow>> JobsAsync() => ReadAsync(connection =>
    {
        IReadOnlyList<JobRow> jobs = [.. connection.Query("SELECT id, name, source, options, state, listed, found, known, skipped, error, created_at FROM job ORDER BY id").Select(row => new JobRow(
            (long)row.id,
            (string)row.name,
            JsonSerializer.Deserialize((string)row.source, EngineJson.Default.SourceSpec)!,
            JsonSerializer.Deserialize((string)row.options, EngineJson.Default.CurationOptions)!,
            (JobState)(long)row.state,
            (long)row.listed != 0,
            (long)row.found,
            (long)row.known,
            (long)row.skipped,
            (string?)row.error,
            DateTimeOffset.FromUnixTimeMilliseconds((long)row.created_at)))];
        return jobs;
    });

    public Task<(JobState State, JobEffect Effect)> ChangeJobAsync(long job, JobEvent happened, string? error = null) => RunAsync(
        _ =>
        {
            var state = (JobState)(_session.Prepare($"SELECT state FROM job WHERE id = @0{_session.Dialect.ForUpdate}", "i").Scalar(job)
                ?? throw new LedgerException($"There is no job {job}; `medgen jobs` lists them."));
            var next = JobLifecycle.Apply(state, happened);
            if (next.State != state)
            {
                _session.Prepare("UPDATE job SET state = @1, error = @2 WHERE id = @0", "iit").Queue(job, (long)next.State, error);
            }

            return next;
        },
        alone: true);

    public Task SetOptionsAsync(long job, CurationOptions options) => RunAsync(
        _ => _session.Prepare("UPDATE job SET options = @1 WHERE id = @0", "it").Execute(job, JsonSerializer.Serialize(options, EngineJson.Default.CurationOptions)), alone: true);

    public Task SetListedAsync(long job, bool listed) => RunAsync(
        _ => _session.Prepare("UPDATE job SET listed = @1 WHERE id = @0", "ii").Execute(job, listed ? 1L : 0), alone: true);

    public Task BeginListingAsync(long job) => RunAsync(
        _ =>
        {
            _session.Prepare("DELETE FROM skipped WHERE job = @0", "i").Queue(job);
            return _session.Prepare("UPDATE job SET skipped = 0 WHERE id = @0", "i").Execute(job);
        },
        alone: true);

    public Task<int> AddVideosAsync(long job, IReadOnlyList<VideoMetadata> videos, IReadOnlyList<SourceItem.Skipped> skipped) => RunAsync(
        _ =>
        {
            // Two listings that meet the same videos wait for each other here, and nowhere else.
            TakeTurn(ListingTurn);
            var outcomes = _items.AddVideos(job, videos);
            var newlySkipped = _session.Prepare("INSERT INTO skipped(job, position, reason) VALUES (@0, @1, @2) ON CONFLICT(job, position) DO NOTHING", "itt")
                .ExecuteEach([.. skipped.Select(row => (object?[])[job, row.Where, row.Reason])]).Sum();
            var added = outcomes.Count(outcome => outcome == AddOutcome.Added);
            _session.Prepare("UPDATE job SET found = found + @1, known = known + @2, skipped = skipped + @3 WHERE id = @0", "iiii")
                .Queue(job, (long)added, (long)outcomes.Count(outcome => outcome == AddOutcome.NewlyKnown), (long)newlySkipped);
            return added;
        },
        alone: true);
}

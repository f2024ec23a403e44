using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Ledger;

public sealed partial class SqliteLedger
{
    public Task<JobRow> CreateJobAsync(string name, SourceSpec source, CurationOptions options) => _committer.RunAsync(transaction =>
    {
        var now = Now();
        var id = _writer.ExecuteScalar<long>(
            "INSERT INTO job(name, source, options, state, listed, found, known, skipped, created_at) VALUES (@name, @source, @options, 0, 0, 0, 0, 0, @now) RETURNING id",
            new { name, source = JsonSerializer.Serialize(source, EngineJson.Default.SourceSpec), options = JsonSerializer.Serialize(options, EngineJson.Default.CurationOptions), now },
            transaction);
        return new JobRow(id, name, source, options, JobState.Running, false, 0, 0, 0, null, DateTimeOffset.FromUnixTimeMilliseconds(now));
    });

    public Task<IReadOnlyList<JobRow>> JobsAsync() => ReadAsync(connection =>
    {
        IReadOnlyList<JobRow> jobs = [.. connection.Query("SELECT * FROM job ORDER BY id").Select(row => new JobRow(
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

    public Task<(JobState State, JobEffect Effect)> ChangeJobAsync(long job, JobEvent happened, string? error = null) => _committer.RunAsync(transaction =>
    {
        var state = (JobState)(_writer.ExecuteScalar<long?>("SELECT state FROM job WHERE id = @job", new { job }, transaction)
            ?? throw new LedgerException($"There is no job {job}; `medgen jobs` lists them."));
        var next = JobLifecycle.Apply(state, happened);
        if (next.State != state)
        {
            _writer.Execute("UPDATE job SET state = @state, error = @error WHERE id = @job", new { state = (long)next.State, error, job }, transaction);
        }

        return next;
    });

    public Task SetOptionsAsync(long job, CurationOptions options) => _committer.RunAsync(transaction => _writer.Execute(
        "UPDATE job SET options = @options WHERE id = @job",
        new { job, options = JsonSerializer.Serialize(options, EngineJson.Default.CurationOptions) }, transaction));

    public Task SetListedAsync(long job, bool listed) => _committer.RunAsync(transaction =>
        _writer.Execute("UPDATE job SET listed = @listed WHERE id = @job", new { job, listed }, transaction));

    public Task BeginListingAsync(long job) => _committer.RunAsync(transaction =>
    {
        _writer.Execute("DELETE FROM skipped WHERE job = @job", new { job }, transaction);
        return _writer.Execute("UPDATE job SET skipped = 0 WHERE id = @job", new { job }, transaction);
    });

    public Task<int> AddVideosAsync(long job, IReadOnlyList<VideoMetadata> videos, IReadOnlyList<SourceItem.Skipped> skipped) => _committer.RunAsync(transaction =>
    {
        var added = 0;
        var known = 0;
        foreach (var video in videos)
        {
            switch (_items.AddVideo(transaction, job, video))
            {
                case AddOutcome.Added:
                    added++;
                    break;
                case AddOutcome.NewlyKnown:
                    known++;
                    break;
            }
        }

        var newlySkipped = 0;
        foreach (var row in skipped)
        {
            newlySkipped += _writer.Execute(
                "INSERT INTO skipped(job, position, reason) VALUES (@job, @Where, @Reason) ON CONFLICT(job, position) DO NOTHING",
                new { job, row.Where, row.Reason }, transaction);
        }

        _writer.Execute(
            "UPDATE job SET found = found + @added, known = known + @known, skipped = skipped + @skipped WHERE id = @job",
            new { job, added, known, skipped = newlySkipped }, transaction);
        return added;
    });
}

using Dapper;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Engine.Ledger;

public sealed partial class SqliteLedger
{
    public Task<AuditRow> CreateAuditAsync(string name, StageId stage, long? job, long seed, long population, IReadOnlyList<long> samples) => _committer.RunAsync(transaction =>
    {
        var now = Now();
        var id = _writer.ExecuteScalar<long>(
            "INSERT INTO audit(name, stage, job, seed, size, population, created_at) VALUES (@name, @stage, @job, @seed, @size, @population, @now) RETURNING id",
            new { name, stage = (long)stage, job, seed, size = samples.Count, population, now }, transaction);
        _writer.Execute(
            "INSERT INTO audit_sample(audit, position, item) VALUES (@id, @position, @item)", samples.Select((item, position) => new { id, position, item }), transaction);
        return new AuditRow(id, name, stage, job, seed, samples.Count, population, DateTimeOffset.FromUnixTimeMilliseconds(now));
    });

    public IReadOnlyList<AuditRow> Audits() => ReadAsync(connection =>
    {
        IReadOnlyList<AuditRow> audits = [.. connection.Query("SELECT id, name, stage, job, seed, size, population, created_at FROM audit ORDER BY id DESC").Select(row => new AuditRow(
            (long)row.id, (string)row.name, (StageId)(long)row.stage, (long?)row.job, (long)row.seed, (int)(long)row.size, (long)row.population, DateTimeOffset.FromUnixTimeMilliseconds((long)row.created_at)))];
        return audits;
    }).GetAwaiter().GetResult();

    public IReadOnlyList<long> AuditSamples(long audit) => ReadAsync(connection =>
        (IReadOnlyList<long>)[.. connection.Query<long>("SELECT item FROM audit_sample WHERE audit = @audit ORDER BY position", new { audit })]).GetAwaiter().GetResult();

    public IReadOnlyList<AuditMarkRow> AuditMarks(long audit) => ReadAsync(connection =>
    {
        IReadOnlyList<AuditMarkRow> marks = [.. connection.Query<(string Rater, long Position, long Mark, long At)>(
            "SELECT rater, position, mark, at FROM audit_mark WHERE audit = @audit ORDER BY rater, position", new { audit })
            .Select(row => new AuditMarkRow(row.Rater, (int)row.Position, (AuditMark)row.Mark, DateTimeOffset.FromUnixTimeMilliseconds(row.At)))];
        return marks;
    }).GetAwaiter().GetResult();

    public Task MarkAsync(long audit, string rater, int position, AuditMark? mark) => _committer.RunAsync(transaction => mark is { } given
        ? _writer.Execute(
            "INSERT INTO audit_mark(audit, rater, position, mark, at) VALUES (@audit, @rater, @position, @given, @now) ON CONFLICT(audit, rater, position) DO UPDATE SET mark = excluded.mark, at = excluded.at",
            new { audit, rater, position, given = (long)given, now = Now() }, transaction)
        : _writer.Execute("DELETE FROM audit_mark WHERE audit = @audit AND rater = @rater AND position = @position", new { audit, rater, position }, transaction));
}

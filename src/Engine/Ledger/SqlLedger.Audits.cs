using Dapper;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    public Task<AuditRow> CreateAuditAsync(string name, StageId stage, long? job, long seed, long population, IReadOnlyList<long> samples) => RunAsync(now =>
    {
        var id = _session.Prepare(
            "INSERT INTO audit(name, stage, job, seed, size, population, created_at) VALUES (@0, @1, @2, @3, @4, @5, @6) RETURNING id", "tiiiiii")
            .Scalar(name, (long)stage, job, seed, (long)samples.Count, population, now)!.Value;
        var sample = _session.Prepare("INSERT INTO audit_sample(audit, position, item) VALUES (@0, @1, @2)", "iii");
        for (var position = 0; position < samples.Count; position++)
        {
            sample.Queue(id, (long)position, samples[position]);
        }

        return new AuditRow(id, name, stage, job, seed, samples.Count, population, DateTimeOffset.FromUnixTimeMilliseconds(now));
    });

    public IReadOnlyList<AuditRow> Audits() => Read(connection =>
    {
        IReadOnlyList<AuditRow> audits = [.. connection.Query("SELECT id, name, stage, job, seed, size, population, created_at FROM audit ORDER BY id DESC").Select(row => new AuditRow(
            (long)row.id, (string)row.name, (StageId)(long)row.stage, (long?)row.job, (long)row.seed, (int)(long)row.size, (long)row.population, DateTimeOffset.FromUnixTimeMilliseconds((long)row.created_at)))];
        return audits;
    });

    public IReadOnlyList<long> AuditSamples(long audit) => Read(connection =>
        (IReadOnlyList<long>)[.. connection.Query<long>("SELECT item FROM audit_sample WHERE audit = @audit ORDER BY position", new { audit })]);

    public IReadOnlyList<AuditMarkRow> AuditMarks(long audit) => Read(connection =>
    {
        IReadOnlyList<AuditMarkRow> marks = [.. connection.Query<(string Rater, long Position, long Mark, long At)>(
            "SELECT rater, position, mark, at FROM audit_mark WHERE audit = @audit ORDER BY rater, position", new { audit })
            .Select(row => new AuditMarkRow(row.Rater, (int)row.Position, (AuditMark)row.Mark, DateTimeOffset.FromUnixTimeMilliseconds(row.At)))];
        return marks;
    });

    public Task MarkAsync(long audit, string rater, int position, AuditMark? mark) => RunAsync(now => mark is { } given
        ? _session.Prepare(
            """
            INSERT INTO audit_mark(audit, rater, position, mark, at) VALUES (@0, @1, @2, @3, @4)
            ON CONFLICT(audit, rater, position) DO UPDATE SET mark = excluded.mark, at = excluded.at
            """,
            "itiii").Execute(audit, rater, (long)position, (long)given, now)
        : _session.Prepare("DELETE FROM audit_mark WHERE audit = @0 AND rater = @1 AND position = @2", "iti").Execute(audit, rater, (long)position));
}

using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Audits and their marks are remembered.</summary>
public sealed class AuditsTests
{
    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Audits_samples_and_marks_survive_a_restart(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.Ledger.CreateAuditAsync("borders of july", StageId.Borders, job: null, seed: -3, population: 900, [7, 5, 9]);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await bench.Ledger.CreateAuditAsync("joint", StageId.Joint, job: 4, seed: long.MaxValue, population: 2, [1, 2]);
        await bench.Ledger.MarkAsync(first.Id, "ada", 2, AuditMark.Noisy);
        await bench.Ledger.MarkAsync(first.Id, "ada", 0, AuditMark.Clean);

        await bench.ReopenAsync();

        Assert.Equal([second, first], bench.Ledger.Audits());
        Assert.Equal(new AuditRow(first.Id, "borders of july", StageId.Borders, null, -3, 3, 900, bench.Time.GetUtcNow() - TimeSpan.FromMinutes(1)), first);
        Assert.Equal([7, 5, 9], bench.Ledger.AuditSamples(first.Id));
        Assert.Equal([1, 2], bench.Ledger.AuditSamples(second.Id));
        Assert.Equal(
            [new AuditMarkRow("ada", 0, AuditMark.Clean, bench.Time.GetUtcNow()), new AuditMarkRow("ada", 2, AuditMark.Noisy, bench.Time.GetUtcNow())],
            bench.Ledger.AuditMarks(first.Id));
        Assert.Empty(bench.Ledger.AuditMarks(second.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_mark_replaces_the_raters_own_and_no_other(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var audit = await bench.Ledger.CreateAuditAsync("audit", StageId.Borders, null, 1, 2, [1, 2]);
        var other = await bench.Ledger.CreateAuditAsync("other", StageId.Borders, null, 1, 2, [1, 2]);
        foreach (var id in new[] { audit.Id, other.Id })
        {
            await bench.Ledger.MarkAsync(id, "ada", 0, AuditMark.Clean);
            await bench.Ledger.MarkAsync(id, "ada", 1, AuditMark.Clean);
            await bench.Ledger.MarkAsync(id, "bea", 0, AuditMark.Clean);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await bench.Ledger.MarkAsync(audit.Id, "ada", 0, AuditMark.SlightlyNoisy);

        Assert.Equal([("ada", 0, AuditMark.SlightlyNoisy), ("ada", 1, AuditMark.Clean), ("bea", 0, AuditMark.Clean)], Marks(bench, audit));
        Assert.Equal([("ada", 0, AuditMark.Clean), ("ada", 1, AuditMark.Clean), ("bea", 0, AuditMark.Clean)], Marks(bench, other));
        Assert.Equal(TimeSpan.FromSeconds(5), bench.Ledger.AuditMarks(audit.Id)[0].At - bench.Ledger.AuditMarks(audit.Id)[1].At);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_mark_can_be_taken_back_and_given_again(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var audit = await bench.Ledger.CreateAuditAsync("audit", StageId.Borders, null, 1, 2, [1, 2]);
        await bench.Ledger.MarkAsync(audit.Id, "ada", 0, AuditMark.Noisy);
        await bench.Ledger.MarkAsync(audit.Id, "bea", 0, AuditMark.Clean);

        await bench.Ledger.MarkAsync(audit.Id, "ada", 0, null);
        await bench.Ledger.MarkAsync(audit.Id, "ada", 1, null);
        Assert.Equal([("bea", 0, AuditMark.Clean)], Marks(bench, audit));

        await bench.Ledger.MarkAsync(audit.Id, "ada", 0, AuditMark.Clean);
        Assert.Equal([("ada", 0, AuditMark.Clean), ("bea", 0, AuditMark.Clean)], Marks(bench, audit));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Marks_move_the_ledgers_revision(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var audit = await bench.Ledger.CreateAuditAsync("audit", StageId.Borders, null, 1, 1, [1]);
        var before = bench.Ledger.Revision;

        await bench.Ledger.MarkAsync(audit.Id, "ada", 0, AuditMark.Clean);

        Assert.True(bench.Ledger.Revision > before);
    }

    private static IEnumerable<(string, int, AuditMark)> Marks(LedgerBench bench, AuditRow audit) => bench.Ledger.AuditMarks(audit.Id).Select(mark => (mark.Rater, mark.Position, mark.Mark));
}

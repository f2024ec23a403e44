using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Lists of items, and reading beside the writer.</summary>
public sealed class ItemsTests
{
    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Every_item_is_listed_once_in_id_order_however_many_pages_there_are(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.JobAsync(videos: 2345);

        var ids = bench.Ledger.Items(new ItemQuery()).Select(item => item.Id).ToList();

        Assert.Equal(Enumerable.Range(0, 2345).Select(i => LedgerBench.Video(i).Id.Value).Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData(Database.Memory, 0)]
    [InlineData(Database.Memory, 1)]
    [InlineData(Database.Memory, 1000)]
    [InlineData(Database.Memory, 1001)]
    [InlineData(Database.Memory, 9999)]
    [InPostgres(0)]
    [InPostgres(1)]
    [InPostgres(1000)]
    [InPostgres(1001)]
    [InPostgres(9999)]
    public async Task A_limit_cuts_the_list(Database database, int limit)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.JobAsync(videos: 1500);

        Assert.Equal(Math.Min(limit, 1500), bench.Ledger.Items(new ItemQuery(Limit: limit)).Count());
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Filters_narrow_the_list_and_combine(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.JobAsync(videos: 4);
        var second = await bench.JobAsync(videos: 3, from: 10);
        await bench.SegmentAsync(first.Id, clips: 3);
        await bench.PassAsync(StageId.Cut, first.Id, max: 5);
        var leased = await bench.LeaseAsync(StageId.Caption, first.Id, max: 3);
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(leased[0]), LedgerBench.Failed(leased[1])], "me");
        var all = bench.Ledger.Items(new ItemQuery()).ToList();
        Assert.Equal(4 + 3 + 12, all.Count);

        ItemKind?[] kinds = [null, ItemKind.Video, ItemKind.Clip];
        long?[] jobs = [null, first.Id, second.Id, 99];
        Outcome?[] outcomes = [null, .. Enum.GetValues<Outcome>()];
        StageId?[] stages = [null, StageId.Screen, StageId.Cut, StageId.Caption, StageId.Segment];
        long?[] parents = [null, leased[0].Item.Parent];
        foreach (var query in from kind in kinds from job in jobs from outcome in outcomes from stage in stages from parent in parents select new ItemQuery(kind, job, outcome, stage, parent))
        {
            var expected = all.Where(item => (query.Kind is null || item.Kind == query.Kind) && (query.Job is null || item.Job == query.Job)
                && (query.Outcome is null || item.State.Outcome == query.Outcome) && (query.Stage is null || item.State.Stage == query.Stage)
                && (query.Parent is null || item.Parent == query.Parent));
            Assert.Equal(expected, bench.Ledger.Items(query));
        }
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task A_reader_in_the_middle_of_a_list_neither_waits_for_writers_nor_holds_them(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1200);
        using var reading = bench.Ledger.Items(new ItemQuery()).GetEnumerator();
        Assert.True(reading.MoveNext());

        await bench.Ledger.AddVideosAsync(job.Id, [.. Enumerable.Range(1200, 100).Select(i => LedgerBench.Video(i))], []).Soon();
        await bench.PassAsync(StageId.Screen, job.Id).Soon();

        var read = 1;
        while (reading.MoveNext())
        {
            read++;
        }

        Assert.InRange(read, 1200, 1300);
        Assert.Equal(1300, bench.Ledger.Items(new ItemQuery()).Count());
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Another_process_sees_what_is_committed_and_its_writes_are_seen_after_a_refresh(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 2);
        await using var other = bench.Open();

        Assert.Equal(2, other.Pending(job.Id, StageId.Screen));
        await other.AddVideosAsync(job.Id, [LedgerBench.Video(2)], []);
        Assert.True(database == Database.Postgres || bench.Ledger.Pending(job.Id, StageId.Screen) == 2);
        await bench.Ledger.RefreshAsync();

        Assert.Equal(3, bench.Ledger.Pending(job.Id, StageId.Screen));
        await bench.PassAsync(StageId.Screen, job.Id);
        Assert.Equal((0, 3), (bench.Ledger.Pending(job.Id, StageId.Screen), bench.Ledger.Pending(job.Id, StageId.Fetch)));
        bench.Audit();
    }
}

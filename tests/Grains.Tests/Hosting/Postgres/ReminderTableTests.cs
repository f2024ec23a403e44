using MedGenCluster.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MedGenCluster.Grains.Tests.Hosting.Postgres;

/// <summary>The reminder queries, through Orleans' own table.</summary>
public sealed class ReminderTableTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [PostgresFact]
    public async Task What_is_written_is_read_again_and_written_over()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var grain = GrainId.Create("note", "a");

        var first = await table.UpsertRow(Entry(grain, "daily", TimeSpan.FromDays(40)));
        var second = await table.UpsertRow(Entry(grain, "daily", TimeSpan.FromMinutes(2)));

        var read = await table.ReadRow(grain, "daily");
        Assert.NotEqual(first, second);
        Assert.Equal((grain, "daily", Start, TimeSpan.FromMinutes(2), second), (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Null(await table.ReadRow(grain, "weekly"));
        await table.UpsertRow(Entry(grain, "weekly", TimeSpan.FromDays(40)));
        Assert.Equal(["daily", "weekly"], (await table.ReadRows(grain)).Reminders.Select(reminder => reminder.ReminderName).Order());
        Assert.Equal(TimeSpan.FromDays(40), (await table.ReadRow(grain, "weekly"))!.Period);
    }

    [PostgresFact]
    public async Task One_that_has_changed_since_is_not_removed()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var grain = GrainId.Create("note", "a");
        var first = await table.UpsertRow(Entry(grain, "daily", TimeSpan.FromMinutes(1)));
        var second = await table.UpsertRow(Entry(grain, "daily", TimeSpan.FromMinutes(2)));

        Assert.False(await table.RemoveRow(grain, "daily", first!));
        Assert.True(await table.RemoveRow(grain, "daily", second!));
        Assert.False(await table.RemoveRow(grain, "daily", second!));
    }

    [PostgresFact]
    public async Task Ranges_that_meet_hold_each_reminder_once_also_around_the_end_of_the_ring()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var grains = Enumerable.Range(0, 60).Select(number => GrainId.Create("note", $"{number}")).ToList();
        foreach (var grain in grains)
        {
            await table.UpsertRow(Entry(grain, "daily", TimeSpan.FromMinutes(1)));
        }

        (uint Begin, uint End)[] ranges = [(0x2000_0000, 0x7000_0000), (0x7000_0000, 0xB000_0000), (0xB000_0000, 0x2000_0000)];
        foreach (var (begin, end) in ranges)
        {
            var found = (await table.ReadRows(begin, end)).Reminders.Select(reminder => reminder.GrainId);
            Assert.Equal(grains.Where(grain => Within(grain.GetUniformHashCode(), begin, end)).Order(), found.Order());
        }
    }

    private static bool Within(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static async Task<IReminderTable> OpenAsync(TestSilo silo)
    {
        var table = silo.Services.GetRequiredService<IReminderTable>();
        await table.StartAsync(CancellationToken.None);
        return table;
    }

    private static ReminderEntry Entry(GrainId grain, string name, TimeSpan period) => new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = period };
}

using System.Net;
using MedGenCluster.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MedGenCluster.Grains.Tests.Hosting.Postgres;

/// <summary>The membership queries, through Orleans' own table.</summary>
public sealed class MembershipTableTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [PostgresFact]
    public async Task A_change_that_builds_on_an_older_version_is_refused_and_changes_nothing()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var before = await table.ReadAllAsync(default);

        Assert.True(await table.InsertRowAsync(Member(1), before.Version.Next(), default));
        Assert.False(await table.InsertRowAsync(Member(2), before.Version.Next(), default));
        var joined = await table.ReadAllAsync(default);
        var etag = joined.Members[0].Item2;
        Assert.True(await table.UpdateRowAsync(Member(1, SiloStatus.ShuttingDown), etag, joined.Version.Next(), default));
        Assert.False(await table.UpdateRowAsync(Member(1, SiloStatus.Dead), etag, joined.Version.Next(), default));

        var after = await table.ReadAllAsync(default);
        Assert.Equal(before.Version.Version + 2, after.Version.Version);
        Assert.Equal(SiloStatus.ShuttingDown, Assert.Single(after.Members).Item1.Status);
    }

    [PostgresFact]
    public async Task A_silo_joins_once_and_only_a_member_can_change()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        Assert.True(await table.InsertRowAsync(Member(1), (await table.ReadAllAsync(default)).Version.Next(), default));
        var version = (await table.ReadAllAsync(default)).Version;

        Assert.False(await table.InsertRowAsync(Member(1), version.Next(), default));
        Assert.False(await table.UpdateRowAsync(Member(2), version.VersionEtag, version.Next(), default));

        Assert.Equal(version.Version, (await table.ReadAllAsync(default)).Version.Version);
    }

    [PostgresFact]
    public async Task Of_many_that_change_at_once_one_succeeds()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var version = (await table.ReadAllAsync(default)).Version;

        var joined = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => table.InsertRowAsync(Member(number), version.Next(), default)));

        Assert.Single(joined, true);
        Assert.Single((await table.ReadAllAsync(default)).Members);
    }

    [PostgresFact]
    public async Task All_that_is_written_of_a_member_is_read_again()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        var member = Member(1);
        Assert.True(await table.InsertRowAsync(member, (await table.ReadAllAsync(default)).Version.Next(), default));
        member.Status = SiloStatus.ShuttingDown;
        member.AddSuspector(Member(2).SiloAddress, Start.AddSeconds(5));
        var joined = await table.ReadAllAsync(default);
        Assert.True(await table.UpdateRowAsync(member, joined.Members[0].Item2, joined.Version.Next(), default));
        member.IAmAliveTime = Start.AddSeconds(7);
        await table.UpdateIAmAliveAsync(member, default);

        var read = Assert.Single((await table.ReadRowAsync(member.SiloAddress, default)).Members).Item1;

        Assert.Equal(
            (member.SiloAddress, member.SiloName, member.HostName, member.Status, member.ProxyPort, member.StartTime, member.IAmAliveTime),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(member.SuspectTimes, read.SuspectTimes);
        // A silo that is none is no error: the version is still told.
        Assert.Empty((await table.ReadRowAsync(Member(9).SiloAddress, default)).Members);
    }

    [PostgresFact]
    public async Task Only_the_long_dead_are_forgotten()
    {
        await using var silo = TestSilo.Build(postgres.NewCluster());
        var table = await OpenAsync(silo);
        foreach (var member in (MembershipEntry[])[Member(1, SiloStatus.Dead), Member(2, SiloStatus.Active), Member(3, SiloStatus.Dead)])
        {
            member.IAmAliveTime = member.SiloAddress.Generation == 3 ? Start.AddDays(8) : Start;
            Assert.True(await table.InsertRowAsync(member, (await table.ReadAllAsync(default)).Version.Next(), default));
        }

        await table.CleanupDefunctSiloEntriesAsync(Start.AddDays(7), default);

        Assert.Equal([2, 3], (await table.ReadAllAsync(default)).Members.Select(member => member.Item1.SiloAddress.Generation).Order());
    }

    private static async Task<IMembershipTable> OpenAsync(TestSilo silo)
    {
        var table = silo.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true, default);
        await table.InitializeMembershipTableAsync(true, default);
        return table;
    }

    private static MembershipEntry Member(int generation, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11111, generation),
        SiloName = $"silo-{generation}",
        HostName = "host",
        Status = status,
        ProxyPort = 30000,
        StartTime = Start,
        IAmAliveTime = Start,
    };
}

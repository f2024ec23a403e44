using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

/// <summary>One host for all tests that change nothing.</summary>
[CollectionDefinition(Name)]
public sealed class ReadingCollection : ICollectionFixture<ReadingHost>
{
    public const string Name = "reading the API";
}

public sealed class ReadingHost : IAsyncLifetime
{
    internal ApiHost Api { get; private set; } = null!;

    public async Task InitializeAsync() => Api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await Api.DisposeAsync();
}

namespace MedGenCluster.EndToEnd;

/// <summary>One run of <c>medgen demo</c> that the tests look at.</summary>
public sealed class DemoFixture : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-e2e-").FullName;

    public string DemoFolder => Path.Combine(Folder, "demo");

    public string Channel => Path.Combine(DemoFolder, "channel");

    public string Data => Path.Combine(DemoFolder, "data");

    public string Dataset => Path.Combine(DemoFolder, "dataset");

    internal MedgenRun Demo { get; private set; } = null!;

    /// <summary>The manifest of the demo's dataset, byte for byte.</summary>
    public byte[] Manifest => File.ReadAllBytes(Path.Combine(Dataset, "metadata.jsonl"));

    public async Task InitializeAsync() => Demo = await Medgen.RunAsync("demo", "--out", DemoFolder, "--json");

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Exports a data directory and gives the manifest.</summary>
    internal async Task<byte[]> ExportAsync(string data, string name)
    {
        var dataset = Path.Combine(Folder, name + "-dataset");
        (await Medgen.RunAsync("export", dataset, "--data", data, "--name", "medgen-demo", "--overwrite")).Succeeds();
        return await File.ReadAllBytesAsync(Path.Combine(dataset, "metadata.jsonl"));
    }
}

[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<DemoFixture>
{
    public const string Name = "demo";
}

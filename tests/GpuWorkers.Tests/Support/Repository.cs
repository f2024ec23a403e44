namespace MedGenCluster.GpuWorkers.Tests.Support;

/// <summary>Places in the source tree.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string TinyOnnx => Path.Combine(Root, "tests", "goldens", "tiny_onnx");

    public static string DemoPack => Path.Combine(Root, "models", "demo");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MedGenCluster.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run inside of the source tree.");
    }
}

/// <summary>A folder that is removed with its content at the end of the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medgen-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

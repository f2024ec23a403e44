namespace MedGenCluster.Architecture.Tests;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Generated = ["bin", "obj", "artifacts", "node_modules", ".git", "TestResults", "__pycache__", "medgen-data", "demo-output"];

    public static string Root { get; } = FindRoot();

    /// <summary>The checkout's own files below a folder by pattern, relative to the root with forward slashes, in ordinal order.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var files = new List<string>();
        Collect(new DirectoryInfo(Path.Combine(Root, folder)), pattern, files);
        return files.Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Root, relative));

    /// <summary>Lines of code with their numbers: those that are not comments of their own.</summary>
    public static IEnumerable<(int Number, string Text)> Code(string relative) =>
        Lines(relative).Select((text, index) => (index + 1, text)).Where(line => !line.text.TrimStart().StartsWith("//", StringComparison.Ordinal));

    private static void Collect(DirectoryInfo folder, string pattern, List<string> files)
    {
        files.AddRange(folder.EnumerateFiles(pattern).Select(file => file.FullName));
        foreach (var child in folder.EnumerateDirectories().Where(child => !Generated.Contains(child.Name) && child.LinkTarget is null))
        {
            Collect(child, pattern, files);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedGenCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}

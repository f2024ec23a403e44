using System.Text.RegularExpressions;

namespace MedGenCluster.Deploy.Tests.Support;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Deploy { get; } = Path.Combine(Root, "deploy");

    public static string Readme { get; } = File.ReadAllText(Path.Combine(Deploy, "k8s", "README.md"));

    /// <summary>What a pattern's first group finds in the code of a folder below <c>src</c>.</summary>
    public static HashSet<string> InCode(string folder, string pattern)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "src", folder), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/node_modules/", StringComparison.Ordinal));
        return [.. files.SelectMany(file => Regex.Matches(File.ReadAllText(file), pattern)).Select(match => match.Groups[1].Value)];
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

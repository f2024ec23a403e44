using System.Text.RegularExpressions;

namespace MedGenCluster.Architecture.Tests;

/// <summary>Rules that the compiler does not know.</summary>
public sealed partial class SourceRuleTests
{
    private const int MaxLines = 300;

    /// <summary>Longer files by path, each with the reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Places that may read the clock or make randomness, by path, each with the reason.</summary>
    private static readonly Dictionary<string, string> AmbientPlaces = [];

    private static readonly string[] PureFolders = ["src/Curation", "src/Engine", "src/GpuWorkers", "src/Grains", "src/YoutubeExplodeSource", "src/AzureStorage"];

    [Fact]
    public void Files_are_short()
    {
        var tooLong = Repository.Files("src", "*.cs").Where(file => Repository.Lines(file).Length > MaxLines).ToList();

        Assert.Empty(tooLong.Except(LongFiles.Keys));
        Assert.Empty(LongFiles.Keys.Except(tooLong));
    }

    [Fact]
    public void No_code_depends_on_compilation_symbols()
    {
        Assert.Empty(Hits(["src", "tests"], Conditional()));
    }

    [Fact]
    public void Time_and_randomness_are_injected()
    {
        var hits = Hits(PureFolders, Ambient()).ToList();

        Assert.DoesNotContain(hits, hit => !AmbientPlaces.ContainsKey(hit.File));
        Assert.Empty(AmbientPlaces.Keys.Except(hits.Select(hit => hit.File)));
    }

    [Fact]
    public void Tests_do_not_sleep()
    {
        Assert.Empty(Hits(["tests"], Sleep()));
    }

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        string[] patterns = ["*.cs", "*.csproj", "*.props", "*.md", "*.json", "*.py", "*.sh", "*.yml", "*.yaml", "*.ts", "medgen"];
        var hits =
            from file in patterns.SelectMany(pattern => Repository.Files("", pattern)).Distinct()
            from line in Repository.Lines(file).Select((text, index) => (text, index))
            where MachinePath().IsMatch(line.text)
            select $"{file}:{line.index + 1}";

        Assert.Empty(hits);
    }

    private static IEnumerable<(string File, int Line, string Text)> Hits(IEnumerable<string> folders, Regex pattern) =>
        from folder in folders
        from file in Repository.Files(folder, "*.cs")
        from line in Repository.Code(file)
        where pattern.IsMatch(line.Text)
        select (file, line.Number, line.Text.Trim());

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bnew Random\(\)|\bRandom\.Shared\b|\bGuid\.(NewGuid|CreateVersion7)\b|\bEnvironment\.TickCount|\bTimeProvider\.System\b")]
    private static partial Regex Ambient();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    // Written in pieces, so that this file is none of them.
    [GeneratedRegex(@"(?<![\w.])/(?:wor" + @"k|roo" + @"t|hom" + @"e/\w+|User" + @"s/\w+)/|\b[A-Z]:\\User" + @"s\\")]
    private static partial Regex MachinePath();
}

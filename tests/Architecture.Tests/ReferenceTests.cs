using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace MedGenCluster.Architecture.Tests;

/// <summary>Who may reference whom. The pipeline's rules live in Curation alone, and it knows nobody.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Curation"] = [],
        ["Engine"] = ["Curation"],
        ["OnnxRuntime"] = [],
        ["GpuWorkers"] = ["Curation", "OnnxRuntime"],
        ["Grains"] = ["Curation", "Engine"],
        ["YoutubeExplodeSource"] = ["Curation"],
        ["AzureStorage"] = ["Curation"],
        ["Silo"] = ["Curation", "Engine", "GpuWorkers", "Grains", "YoutubeExplodeSource", "AzureStorage"],
        ["Client"] = ["Curation", "Silo"],
    };

    // Projects whose assemblies lie beside this test's; OnnxRuntime is named by the package that it stands for.
    private static readonly Dictionary<string, string> AssemblyNames = Allowed.Keys.Where(project => project != "OnnxRuntime")
        .ToDictionary(project => project, project => project == "Client" ? "medgen" : $"MedGenCluster.{project}");

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    public static TheoryData<string> Assemblies => [.. AssemblyNames.Keys];

    [Fact]
    public void Every_project_has_its_rule()
    {
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_references_only_what_it_may(string project)
    {
        var file = Assert.Single(Repository.Files("src", $"{project}.csproj"));
        var references = Elements(file, "ProjectReference").Select(element => Path.GetFileNameWithoutExtension((string)element.Attribute("Include")!));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_compiled_assembly_uses_only_what_its_project_may_reach(string project)
    {
        var ours = AssemblyNames.ToDictionary(pair => pair.Value, pair => pair.Key);
        var used = References(AssemblyNames[project]).Where(ours.ContainsKey).Select(name => ours[name]);

        Assert.Empty(used.Except(Reachable(project)));
    }

    [Fact]
    public void Curation_uses_the_base_library_and_logging_abstractions_alone()
    {
        var foreign = References("MedGenCluster.Curation")
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("Microsoft.Win32.Primitives" or "Microsoft.Extensions.Logging.Abstractions"));

        Assert.Empty(foreign);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Only_gpu_workers_know_the_inference_runtime(string project)
    {
        if (project != "GpuWorkers")
        {
            Assert.DoesNotContain(References(AssemblyNames[project]), name => name.Contains("OnnxRuntime", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void YoutubeExplode_is_known_to_its_own_project_alone(string project)
    {
        if (project != "YoutubeExplodeSource")
        {
            Assert.DoesNotContain(References(AssemblyNames[project]), name => name.Contains("YoutubeExplode", StringComparison.Ordinal));
        }

        Assert.Equal(
            project == "YoutubeExplodeSource",
            Elements(Assert.Single(Repository.Files("src", $"{project}.csproj")), "PackageReference").Any(element => (string)element.Attribute("Include")! == "YoutubeExplode"));
    }

    [Fact]
    public void Package_versions_are_central()
    {
        var known = Elements("Directory.Packages.props", "PackageVersion").Select(element => (string)element.Attribute("Include")!).ToHashSet();
        var projects = Repository.Files("src", "*.*proj").Concat(Repository.Files("tests", "*.*proj")).Concat(Repository.Files("tests", "*.props")).ToList();

        Assert.NotEmpty(projects);
        foreach (var project in projects)
        {
            Assert.All(Elements(project, "PackageReference"), element =>
            {
                Assert.Contains((string)element.Attribute("Include")!, known);
                Assert.Null(element.Attribute("Version") ?? element.Attribute("VersionOverride"));
                Assert.Empty(element.Elements());
            });
        }
    }

    private static IEnumerable<XElement> Elements(string file, string name) =>
        XDocument.Load(Path.Combine(Repository.Root, file)).Descendants().Where(element => element.Name.LocalName == name);

    private static HashSet<string> Reachable(string project)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(Allowed[project]);
        while (open.TryDequeue(out var next))
        {
            if (reached.Add(next))
            {
                Allowed[next].ToList().ForEach(open.Enqueue);
            }
        }

        return reached;
    }

    private static List<string> References(string assembly)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}

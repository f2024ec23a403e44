using System.Text.RegularExpressions;
using System.Xml.Linq;
using MedGenCluster.Deploy.Tests.Support;

namespace MedGenCluster.Deploy.Tests;

/// <summary>The images' recipes say what the manifests count on and what the build has.</summary>
public sealed partial class DockerTests
{
    public static TheoryData<string> Files => ["Dockerfile.cpu", "Dockerfile.cuda"];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_image_runs_as_the_user_of_the_pods_and_is_made_of_fixed_public_bases(string file)
    {
        var lines = Lines(file);
        var stages = lines.Select(line => From().Match(line)).Where(match => match.Success).ToList();

        Assert.True(stages.Count >= 3);
        Assert.All(stages, stage => Assert.Matches(@"^(node|mcr\.microsoft\.com/dotnet/(sdk|aspnet)|nvidia/cuda):[0-9]", stage.Groups[1].Value));
        Assert.Equal("USER 1654:1654", Assert.Single(lines, line => line.StartsWith("USER ", StringComparison.Ordinal)));
        // The user is set after everything that only root may do, in the last stage.
        Assert.True(lines.LastIndexOf("USER 1654:1654") > lines.FindLastIndex(line => line.StartsWith("RUN ", StringComparison.Ordinal)));
        Assert.Contains("EXPOSE 5600 11111 30000", lines);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_copied_is_there_and_not_ignored(string file)
    {
        var ignored = File.ReadAllLines(Path.Combine(Checkout.Root, ".dockerignore"));
        var sources = Lines(file).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).Select(source => source.TrimEnd('/')).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Path.Combine(Checkout.Root, source)), source);
            Assert.Contains(ignored, line => line.StartsWith('!') && (source + "/").StartsWith(line[1..] + "/", StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_property_of_the_build_is_one_that_the_build_knows(string file)
    {
        var known = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Build.props")).Descendants().Select(element => element.Name.LocalName).Append("OrtFlavor").Append("UseAppHost").ToHashSet();
        var properties = Regex.Matches(string.Join('\n', Lines(file)), @"-p:(\w+)=").Select(match => match.Groups[1].Value).ToList();

        Assert.Superset(new HashSet<string> { "WithOrleans", "WithOrleansAzure", "WithAzure", "WithOrtNuGet" }, properties.ToHashSet());
        Assert.All(properties, property => Assert.Contains(property, known));
        Assert.Equal(file == "Dockerfile.cuda", properties.Contains("OrtFlavor"));
    }

    [KubectlTheory]
    [InlineData("base")]
    [InlineData("overlays/dev")]
    [InlineData("overlays/azure")]
    [InlineData("overlays/gpu-batch")]
    public void What_an_image_writes_to_is_mounted_in_its_pods(string folder)
    {
        foreach (var silo in Manifests.Of(folder).Silos)
        {
            var file = silo.Silo["image"].Text!.Contains("medgen-cuda", StringComparison.Ordinal) ? "Dockerfile.cuda" : "Dockerfile.cpu";
            var volumes = Regex.Matches(Assert.Single(Lines(file), line => line.StartsWith("VOLUME ", StringComparison.Ordinal)), "\"(/[a-z]+)\"").Select(match => match.Groups[1].Value);

            foreach (var container in silo.AllContainers)
            {
                var writable = container["volumeMounts"].Items.Where(mount => !mount["readOnly"].IsTrue).Select(mount => mount["mountPath"].Text!).ToHashSet();
                Assert.Superset(volumes.ToHashSet(), writable);
            }

            Assert.Equal(1654, silo.Pod["securityContext"]["runAsUser"].Number);
            Assert.Equal(1654, silo.Pod["securityContext"]["fsGroup"].Number);
        }
    }

    private static List<string> Lines(string file) => [.. File.ReadAllLines(Path.Combine(Checkout.Deploy, "docker", file))];

    [GeneratedRegex(@"^FROM (\S+)")]
    private static partial Regex From();
}

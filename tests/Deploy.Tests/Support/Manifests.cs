using System.Collections.Concurrent;
using System.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace MedGenCluster.Deploy.Tests.Support;

/// <summary>What <c>kubectl kustomize</c> makes of a folder.</summary>
internal sealed class Manifests
{
    private static readonly ConcurrentDictionary<string, Lazy<Manifests>> Rendered = new();

    private Manifests(IReadOnlyList<Node> all) => All = all;

    /// <summary>The folders that a cluster is made from.</summary>
    public static readonly string[] Folders = ["base", "overlays/dev", "overlays/azure", "overlays/gpu-batch"];

    public IReadOnlyList<Node> All { get; }

    /// <summary>Deployments and stateful sets.</summary>
    public IEnumerable<Workload> Workloads => All.Where(document => document["kind"].Text is "Deployment" or "StatefulSet" or "Job" or "DaemonSet").Select(document => new Workload(document));

    /// <summary>Those that run our images.</summary>
    public IEnumerable<Workload> Silos => Workloads.Where(workload => workload.Labels.GetValueOrDefault("app.kubernetes.io/name") == "medgen");

    public static Manifests Of(string folder) => Rendered.GetOrAdd(folder, name => new Lazy<Manifests>(() => Render(Path.Combine(Checkout.Deploy, "k8s", name)))).Value;

    public IEnumerable<Node> Kind(string kind) => All.Where(document => document["kind"].Text == kind);

    public Node? Find(string kind, string? name)
    {
        var found = Kind(kind).Where(document => document["metadata"]["name"].Text == name).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Workloads whose pods carry all these labels.</summary>
    public List<Workload> Selected(Node labels) => [.. Workloads.Where(workload => labels.Map.All(label => workload.Labels.GetValueOrDefault(label.Key) == label.Value))];

    private static Manifests Render(string folder)
    {
        var start = new ProcessStartInfo(Kubectl.Program!, ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"kubectl kustomize {folder} ended with {process.ExitCode}: {error.Result}");
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new Manifests([.. stream.Documents.Select(document => new Node(document.RootNode))]);
    }
}

/// <summary>Something that makes pods.</summary>
internal sealed record Workload(Node Document)
{
    public string Name => Document["metadata"]["name"].Text!;

    public Node Pod => Document["spec"]["template"]["spec"];

    public Dictionary<string, string> Labels => Document["spec"]["template"]["metadata"]["labels"].Map;

    public bool IsGpu => Labels.GetValueOrDefault("app.kubernetes.io/component") == "gpu-silo";

    public IEnumerable<Node> Containers => Pod["containers"].Items;

    public IEnumerable<Node> AllContainers => Pod["initContainers"].Items.Concat(Containers);

    public Node Silo => Containers.Single(container => container["name"].Text == "silo");

    public override string ToString() => Name;
}

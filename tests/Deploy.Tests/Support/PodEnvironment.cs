namespace MedGenCluster.Deploy.Tests.Support;

/// <summary>The variables that a container would see.</summary>
internal static class PodEnvironment
{
    public const string PodAddress = "10.1.2.3";

    public static Dictionary<string, string> Of(Manifests manifests, Workload workload, Node container)
    {
        var variables = new Dictionary<string, string>();
        foreach (var source in container["envFrom"].Items)
        {
            var map = manifests.Find("ConfigMap", source["configMapRef"]["name"].Text) ?? throw new InvalidOperationException($"{workload} reads variables from a map that is not there.");
            foreach (var (key, value) in map["data"].Map)
            {
                variables[key] = value;
            }
        }

        foreach (var variable in container["env"].Items)
        {
            variables[variable["name"].Text!] = variable["value"].Text ?? variable["valueFrom"]["fieldRef"]["fieldPath"].Text switch
            {
                "status.podIP" => PodAddress,
                "metadata.name" => workload.Name + "-5d9c7-abcde",
                "metadata.namespace" => workload.Document["metadata"]["namespace"].Text!,
                var other => throw new InvalidOperationException($"{workload} takes {variable["name"].Text} from {other}."),
            };
        }

        return variables;
    }

    /// <summary>The container's arguments with variables in their places.</summary>
    public static List<string> Arguments(Manifests manifests, Workload workload, Node container)
    {
        var variables = Of(manifests, workload, container);
        return [.. container["args"].Texts.Select(argument => variables.Aggregate(argument, (text, pair) => text.Replace($"$({pair.Key})", pair.Value, StringComparison.Ordinal)))];
    }

    /// <summary>The values of an option that may be given several times.</summary>
    public static IEnumerable<string> Values(List<string> arguments, string option) => arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}

using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace MedGenCluster.Deploy.Tests.Support;

/// <summary>A place in a manifest. What is not there is an empty place, so that a path can be asked for without looking at each step.</summary>
internal readonly record struct Node(YamlNode? Yaml)
{
    public Node this[string key] => new(Yaml is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null);

    public bool Exists => Yaml is not null;

    /// <summary>The text of a scalar; null for anything else.</summary>
    public string? Text => (Yaml as YamlScalarNode)?.Value;

    public int Number => int.Parse(Text!, CultureInfo.InvariantCulture);

    public bool IsTrue => Text == "true";

    public bool IsFalse => Text == "false";

    public IEnumerable<Node> Items => Yaml is YamlSequenceNode list ? list.Select(child => new Node(child)) : [];

    public IEnumerable<(string Key, Node Value)> Pairs => Yaml is YamlMappingNode map ? map.Select(pair => (((YamlScalarNode)pair.Key).Value!, new Node(pair.Value))) : [];

    public Dictionary<string, string> Map => Pairs.ToDictionary(pair => pair.Key, pair => pair.Value.Text!);

    public IEnumerable<string> Texts => Items.Select(item => item.Text!);

    /// <summary>Every scalar below, with where it stands.</summary>
    public IEnumerable<(string Path, string Text)> Scalars(string path = "")
    {
        if (Text is { } text)
        {
            return [(path, text)];
        }

        return Yaml is YamlMappingNode
            ? Pairs.SelectMany(pair => pair.Value.Scalars($"{path}/{pair.Key}"))
            : Items.SelectMany((item, i) => item.Scalars($"{path}/{i}"));
    }
}

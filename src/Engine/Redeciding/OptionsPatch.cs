using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Redeciding;

/// <summary>Changes options by name: <c>aesthetics.minScore=4</c>.</summary>
public static class OptionsPatch
{
    /// <returns>The changed options, or every error in words.</returns>
    public static (CurationOptions Options, IReadOnlyList<string> Errors) Apply(CurationOptions options, IEnumerable<string> assignments) =>
        Apply(options, assignments, EngineJson.Default.CurationOptions, changed => changed.Validate());

    /// <inheritdoc cref="Apply(CurationOptions, IEnumerable{string})"/>
    /// <param name="json">How the options are written; its names are the users'.</param>
    /// <param name="validate">One sentence for each value that cannot be used.</param>
    public static (T Options, IReadOnlyList<string> Errors) Apply<T>(
        T options, IEnumerable<string> assignments, JsonTypeInfo<T> json, Func<T, IReadOnlyList<string>> validate)
        where T : class
    {
        var root = JsonSerializer.SerializeToNode(options, json)!.AsObject();
        var errors = new List<string>();
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=');
            if (equals < 1)
            {
                errors.Add($"'{assignment}' is not NAME=VALUE, for example aesthetics.minScore=4.");
                continue;
            }

            var error = Set(root, assignment[..equals].Trim(), assignment[(equals + 1)..].Trim());
            if (error is not null)
            {
                errors.Add(error);
            }
        }

        if (errors.Count > 0)
        {
            return (options, errors);
        }

        try
        {
            var changed = root.Deserialize(json)!;
            return (changed, validate(changed));
        }
        catch (JsonException exception)
        {
            return (options, [$"An option has a value of the wrong kind: {exception.Message}"]);
        }
    }

    /// <summary>Every option's name with its value.</summary>
    public static IReadOnlyList<(string Name, string Value)> Names(CurationOptions options) =>
        Names(JsonSerializer.SerializeToNode(options, EngineJson.Default.CurationOptions)!.AsObject());

    private static List<(string Name, string Value)> Names(JsonObject root)
    {
        var names = new List<(string, string)>();
        Walk(root, "");
        return names;

        void Walk(JsonObject node, string prefix)
        {
            foreach (var (name, value) in node)
            {
                if (value is JsonObject child)
                {
                    Walk(child, prefix + name + ".");
                }
                else
                {
                    names.Add((prefix + name, value?.ToString() ?? ""));
                }
            }
        }
    }

    private static string? Set(JsonObject root, string name, string value)
    {
        var parts = name.Split('.');
        var node = root;
        foreach (var part in parts[..^1])
        {
            if (node[part] is not JsonObject child)
            {
                return Unknown(root, name);
            }

            node = child;
        }

        if (node[parts[^1]] is JsonArray)
        {
            node[parts[^1]] = new JsonArray([.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => JsonValue.Create(item))]);
            return null;
        }

        if (node[parts[^1]] is not JsonValue current)
        {
            return Unknown(root, name);
        }

        switch (current.GetValueKind())
        {
            case JsonValueKind.Number when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                node[parts[^1]] = number == Math.Floor(number) && Math.Abs(number) < 1e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);
                return null;
            case JsonValueKind.Number:
                return $"{name} takes a number, not '{value}'.";
            case JsonValueKind.True or JsonValueKind.False when bool.TryParse(value, out var flag):
                node[parts[^1]] = flag;
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                return $"{name} takes true or false, not '{value}'.";
            default:
                node[parts[^1]] = value;
                return null;
        }
    }

    private static string Unknown(JsonObject root, string name) =>
        $"There is no option {name}; there are: {string.Join(", ", Names(root).Select(n => n.Name))}.";
}

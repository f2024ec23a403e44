using System.CommandLine;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Client.Commands;

/// <summary>The options that say how a process takes part in a cluster. Each has an environment variable, which every command heeds.</summary>
internal static class ClusterSelection
{
    private static readonly Dictionary<string, Option<string?>> Options = ClusterConfiguration.Options.ToDictionary(
        option => option.Name, option => new Option<string?>("--" + option.Name) { Description = option.Description, HelpName = "value" });

    public static void AddTo(Command command)
    {
        foreach (var option in Options.Values)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given for an option; null where it was not, or the command does not take it.</summary>
    public static string? Given(ParseResult parsed, string name) => parsed.GetResult(Options[name]) is null ? null : parsed.GetValue(Options[name]);
}

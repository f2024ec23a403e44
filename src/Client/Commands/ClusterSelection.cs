using System.CommandLine;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Client.Commands;

/// <summary>The options that say how a process takes part in a cluster. Each has an environment variable, which every command heeds.</summary>
internal static class ClusterSelection
{
    private static readonly Dictionary<string, Option<string?>> Options = ClusterConfiguration.Options.ToDictionary(
        option => option.Name, option => new Option<string?>("--" + option.Name) { Description = option.Description, HelpName = "value" });

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public static void AddTo(Command command)
    {
        foreach (var option in Options.Values)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How long the process may take to end when it is told to: what a silo gives its stages, and half a minute for the rest.</summary>
    public static TimeSpan TerminationLimit(ParseResult parsed)
    {
        try
        {
            return Rest + ClusterConfiguration.Read(name => Given(parsed, name), Environment.GetEnvironmentVariable).DrainLimit;
        }
        catch (ClusterException)
        {
            // The command itself says what is wrong.
            return Rest;
        }
    }

    /// <summary>What was given for an option; null where it was not, or the command does not take it.</summary>
    public static string? Given(ParseResult parsed, string name) => parsed.GetResult(Options[name]) is null ? null : parsed.GetValue(Options[name]);
}

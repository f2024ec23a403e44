using System.CommandLine;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo;

namespace MedGenCluster.Client.Commands;

/// <summary>Options that every command understands.</summary>
internal static class Shared
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The cluster's folder: ledger and media.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_DATA") ?? "medgen-data",
        Recursive = true,
        HelpName = "dir",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON, one value a line.", Recursive = true };

    public static readonly Option<string> Models = new("--models")
    {
        Description = "The model pack's folder.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_MODELS") ?? DefaultModels(),
        Recursive = true,
        HelpName = "dir",
    };

    public static readonly Option<long?> Job = new("--job") { Description = "One job by its number; all jobs when left out.", HelpName = "n" };

    public static Output Output(ParseResult parsed) => new(parsed.GetValue(Json));

    public static readonly Option<string[]> Config = new("--config")
    {
        Description = "Changes how this process uses networks, for example --config network.maxRate=1 or --config addresses.allowLoopback=true; repeatable.",
        HelpName = "name=value",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string?> Server = new("--server")
    {
        Description = "Work against a host that `medgen up` runs, for example http://127.0.0.1:5600; default: on --data, here.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_SERVER") is { Length: > 0 } server ? server : null,
        Recursive = true,
        HelpName = "url",
    };

    public static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "File that holds the host's token.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_TOKEN_FILE"),
        Recursive = true,
        HelpName = "file",
    };

    /// <exception cref="UsageException">An option cannot be used.</exception>
    /// <exception cref="ClusterException">An option of the cluster cannot be used.</exception>
    public static HostOptions Host(ParseResult parsed)
    {
        // A command that is no silo itself works on the cluster's ledger and media all the same, as the environment names them.
        Func<string, string?> option = name => ClusterSelection.Given(parsed, name);
        var cluster = ClusterConfiguration.IsOrleans(option, Environment.GetEnvironmentVariable) ? ClusterConfiguration.Read(option, Environment.GetEnvironmentVariable) : null;
        var (network, errors) = OptionsPatch.Apply(new NetworkOptions(), parsed.GetValue(Config) ?? [], HostJson.Default.NetworkOptions, options => options.Validate());
        return errors.Count == 0
            ? new HostOptions { DataPath = parsed.GetValue(Data)!, ModelsPath = parsed.GetValue(Models)!, Network = network, Cluster = cluster, Inference = InferenceSelection.Read(parsed), Trainer = TrainerSelection.Read(parsed) }
            : throw new UsageException(string.Join(Environment.NewLine + "        ", errors));
    }

    /// <summary>Where the command works: the host that --server names, else the data directory.</summary>
    /// <exception cref="UsageException">An option cannot be used.</exception>
    public static IWorkplace Workplace(ParseResult parsed) => Remote(parsed) is { } remote ? remote : new LocalWorkplace(CurationHost.Open(Host(parsed)));

    /// <summary>The host that --server names, or null.</summary>
    /// <exception cref="UsageException">An option cannot be used.</exception>
    public static RemoteWorkplace? Remote(ParseResult parsed) =>
        parsed.GetValue(Server) is { } server ? new RemoteWorkplace(new HostConnection(server, parsed.GetValue(TokenFile))) : null;

    /// <summary>Refuses --server for a command that works on this machine. A host named by the environment does not concern it.</summary>
    /// <exception cref="UsageException">--server is given.</exception>
    public static void OnlyHere(ParseResult parsed)
    {
        if (parsed.GetResult(Server) is { Implicit: false })
        {
            throw new UsageException($"`medgen {parsed.CommandResult.Command.Name}` runs on this machine; leave out --server.");
        }
    }

    /// <summary>The demo pack beside the program, or in the checkout that the program was built in.</summary>
    private static string DefaultModels()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var pack = Path.Combine(folder.FullName, "models", "demo");
            if (File.Exists(Path.Combine(pack, "manifest.json")))
            {
                return pack;
            }
        }

        return Path.Combine("models", "demo");
    }
}

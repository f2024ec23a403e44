using System.Globalization;
using System.Net;

namespace MedGenCluster.Engine.Clustering;

/// <summary>Reads <see cref="ClusterSettings"/> from options and environment variables. An option of the command line stands before its variable.</summary>
public static class ClusterConfiguration
{
    /// <summary>Prefix of every variable: the option <c>silo-port</c> is <c>MEDGEN_SILO_PORT</c>.</summary>
    public const string Prefix = "MEDGEN_";

    public const string Engine = "engine";
    public const string Role = "role";
    public const string Clustering = "clustering";
    public const string ClusterId = "cluster-id";
    public const string SiloName = "silo-name";
    public const string SiloPort = "silo-port";
    public const string GatewayPort = "gateway-port";
    public const string AdvertisedAddress = "advertised-address";
    public const string GpuMemory = "gpu-memory";
    public const string Shards = "shards";
    public const string DrainSeconds = "drain-seconds";

    /// <summary>File that holds the connection string; the variable <c>MEDGEN_POSTGRES</c> may hold the string itself.</summary>
    public const string PostgresFile = "postgres-file";

    /// <summary>File that holds the account; the variable <c>MEDGEN_AZURE_STORAGE</c> may hold the account itself.</summary>
    public const string AzureStorageFile = "azure-storage-file";
    public const string MediaContainer = "media-container";

    /// <summary>Every option, with what it means in one line.</summary>
    public static readonly IReadOnlyList<(string Name, string Description)> Options =
    [
        (Engine, "embedded (default) or orleans: who works on the jobs."),
        (Role, "cpu, gpu or all (default): what this silo does."),
        (Clustering, "localhost (default), postgres or azure: where the cluster keeps its membership."),
        (ClusterId, "Silos of one id form one cluster (medgen)."),
        (SiloName, "Names this silo; unique among the living (the machine's name)."),
        (SiloPort, "Port for other silos (11111)."),
        (GatewayPort, "Port for clients of the cluster (30000)."),
        (AdvertisedAddress, "IP address under which other silos reach this one (127.0.0.1)."),
        (GpuMemory, "Memory for models on this silo's GPUs, for example 80GiB (what the system reports)."),
        (Shards, "Slices that each job is cut into, a power of two up to 64 (16); the same on every silo."),
        (DrainSeconds, "Seconds that a silo which stops gives its stages to come to their end (30)."),
        (PostgresFile, "File with the connection string of the cluster's PostgreSQL; or set MEDGEN_POSTGRES."),
        (AzureStorageFile, "File with the Azure storage account: a connection string, or a name or address used with the managed identity; or set MEDGEN_AZURE_STORAGE."),
        (MediaContainer, "Container of media in Azure Blob Storage (the data directory)."),
    ];

    /// <summary>The name of an option's environment variable.</summary>
    public static string Variable(string option) => Prefix + option.Replace('-', '_').ToUpperInvariant();

    /// <summary>True where the Orleans engine is asked for.</summary>
    /// <exception cref="ClusterException">The value is neither.</exception>
    public static bool IsOrleans(Func<string, string?> option, Func<string, string?> variable) => Value(Engine, option, variable) switch
    {
        null or "embedded" => false,
        "orleans" => true,
        var other => throw new ClusterException($"{Name(Engine)} is '{other}'; it must be embedded or orleans."),
    };

    /// <param name="option">The value of an option of the command line, or null.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="ClusterException">A value cannot be used; the message names all of them.</exception>
    public static ClusterSettings Read(Func<string, string?> option, Func<string, string?> variable)
    {
        var errors = new List<string>();
        var defaults = new ClusterSettings();
        var settings = defaults with
        {
            Clustering = Choice(Clustering, defaults.Clustering, ("localhost", ClusteringBackend.Localhost), ("postgres", ClusteringBackend.Postgres), ("azure", ClusteringBackend.AzureStorage)),
            Role = Choice(Role, defaults.Role, ("cpu", SiloRole.Cpu), ("gpu", SiloRole.Gpu), ("all", SiloRole.All)),
            ClusterId = Value(ClusterId, option, variable) ?? defaults.ClusterId,
            SiloName = Value(SiloName, option, variable) ?? defaults.SiloName,
            SiloPort = Number(SiloPort, defaults.SiloPort, 1, 65535),
            GatewayPort = Number(GatewayPort, defaults.GatewayPort, 1, 65535),
            AdvertisedAddress = Address(),
            GpuMemory = Value(GpuMemory, option, variable) is { } memory ? Bytes(memory) : null,
            Shards = Number(Shards, defaults.Shards, 1, ShardSlots.Count),
            DrainLimit = TimeSpan.FromSeconds(Number(DrainSeconds, (int)defaults.DrainLimit.TotalSeconds, 0, 24 * 3600)),
            Postgres = Secret(PostgresFile, "MEDGEN_POSTGRES"),
            AzureStorage = Secret(AzureStorageFile, "MEDGEN_AZURE_STORAGE"),
            MediaContainer = Value(MediaContainer, option, variable),
        };
        if (!int.IsPow2(settings.Shards))
        {
            errors.Add($"{Name(Shards)} is {settings.Shards}; it must be a power of two.");
        }

        if (settings is { Clustering: ClusteringBackend.Postgres, Postgres: null })
        {
            errors.Add($"{Name(Clustering)} is postgres, but no connection string is given; name its file with --{PostgresFile} or set MEDGEN_POSTGRES.");
        }

        if (settings is { Clustering: ClusteringBackend.AzureStorage, AzureStorage: null } or { MediaContainer: not null, AzureStorage: null })
        {
            errors.Add($"Azure Storage is asked for, but no account is given; name its file with --{AzureStorageFile} or set MEDGEN_AZURE_STORAGE.");
        }

        return errors.Count == 0 ? settings : throw new ClusterException(string.Join(' ', errors));

        T Choice<T>(string name, T otherwise, params (string Word, T Value)[] choices)
        {
            var given = Value(name, option, variable);
            if (given is null)
            {
                return otherwise;
            }

            foreach (var (word, value) in choices)
            {
                if (word == given)
                {
                    return value;
                }
            }

            errors.Add($"{Name(name)} is '{given}'; it must be {string.Join(" or ", choices.Select(choice => choice.Word))}.");
            return otherwise;
        }

        int Number(string name, int otherwise, int least, int most)
        {
            var given = Value(name, option, variable);
            if (given is null)
            {
                return otherwise;
            }

            if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            errors.Add($"{Name(name)} is '{given}'; it must be a number from {least} to {most}.");
            return otherwise;
        }

        string? Address()
        {
            var given = Value(AdvertisedAddress, option, variable);
            if (given is not null && !IPAddress.TryParse(given, out _))
            {
                errors.Add($"{Name(AdvertisedAddress)} is '{given}'; it must be an IP address.");
            }

            return given;
        }

        long? Bytes(string text)
        {
            string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
            var unit = Array.FindLastIndex(units, unit => text.EndsWith(unit, StringComparison.OrdinalIgnoreCase));
            var digits = unit < 0 ? text : text[..^units[unit].Length].TrimEnd();
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0)
            {
                return (long)(value * Math.Pow(1024, Math.Max(0, unit)));
            }

            errors.Add($"{Name(GpuMemory)} is '{text}'; it must be a size such as 80GiB or 24000MiB.");
            return null;
        }

        string? Secret(string fileOption, string name)
        {
            if (Value(fileOption, option, variable) is not { } path)
            {
                return variable(name) is { Length: > 0 } given ? given : null;
            }

            try
            {
                return File.ReadAllText(path).Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"--{fileOption} names {path}, which cannot be read: {exception.Message}");
                return null;
            }
        }
    }

    private static string? Value(string name, Func<string, string?> option, Func<string, string?> variable) =>
        option(name) is { Length: > 0 } given ? given : variable(Variable(name)) is { Length: > 0 } set ? set : null;

    private static string Name(string option) => $"--{option} (or {Variable(option)})";
}

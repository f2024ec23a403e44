namespace MedGenCluster.Engine.Clustering;

/// <summary>Where a cluster keeps its membership, the state of its grains and its reminders.</summary>
public enum ClusteringBackend
{
    /// <summary>In the memory of one silo on this machine: for development. Membership and grain state end with it; the ledger does not.</summary>
    Localhost,
    Postgres,
    AzureStorage,
}

/// <summary>What a silo does.</summary>
[Flags]
public enum SiloRole
{
    /// <summary>Carries jobs, shards, videos and clips, and runs the stages that need a processor, a network or a paid interface.</summary>
    Cpu = 1,

    /// <summary>Carries lanes: the stages that feed models.</summary>
    Gpu = 2,
    All = Cpu | Gpu,
}

/// <summary>How a process takes part in a cluster. Read by <see cref="ClusterConfiguration"/>.</summary>
public sealed record ClusterSettings
{
    public ClusteringBackend Clustering { get; init; }

    public SiloRole Role { get; init; } = SiloRole.All;

    /// <summary>Silos of one id form one cluster.</summary>
    public string ClusterId { get; init; } = "medgen";

    /// <summary>Names the silo on pages and in logs; unique among the living.</summary>
    public string SiloName { get; init; } = Environment.MachineName;

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for clients of the cluster.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>IP address under which other silos reach this one; null for loopback.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>Memory for models on the silo's GPUs, bytes. Null: what the system reports, or half of the machine's memory where it has no GPU.</summary>
    public long? GpuMemory { get; init; }

    /// <summary>Npgsql connection string of the cluster's ledger, and of its clustering where that is PostgreSQL. Null: the ledger is a file in the data directory.</summary>
    public string? Postgres { get; init; }

    /// <summary>Connection string of an Azure storage account, or its name or blob endpoint, which is then used with the process's managed identity.</summary>
    public string? AzureStorage { get; init; }

    /// <summary>Container of media in Azure Blob Storage; null for the data directory.</summary>
    public string? MediaContainer { get; init; }

    /// <summary>Slices that a job is cut into, a power of two from 1 to <see cref="ShardSlots.Count"/>. The same on every silo of a cluster.</summary>
    public int Shards { get; init; } = 16;

    /// <summary>How long a silo that stops lets its stages come to their end before it calls them off.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{SiloName} ({Role}) of {ClusterId} in {Clustering}";
}

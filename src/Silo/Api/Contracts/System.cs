namespace MedGenCluster.Silo.Api.Contracts;

public sealed record SystemView(
    string Version, string Engine, string Runtime, DateTimeOffset StartedAt, IReadOnlyList<SiloView> Silos, IReadOnlyList<WorkerView> Workers, IReadOnlyList<LaneView> Lanes,
    ModelsView Models, StorageView Storage, bool TokenRequired);

/// <param name="Role"><c>all</c>, <c>cpu</c> or <c>gpu</c>.</param>
/// <param name="State">What the host does (<c>working</c>, <c>blocked</c>, <c>watching</c>); in a cluster, what the membership says (<c>active</c>, <c>joining</c>, <c>shutting-down</c>).</param>
/// <param name="GpuMemoryBytes">Memory for models; null without a GPU role.</param>
/// <param name="Lanes">What a GPU silo of a cluster runs for the others.</param>
public sealed record SiloView(
    string Name, string Role, string Address, string State, int Processors, long MemoryBytes, double CpuShare, long? GpuMemoryBytes, IReadOnlyList<SiloLaneView> Lanes);

public sealed record SiloLaneView(string Stage, int InFlight, int Queued);

/// <summary>The slots of one resource.</summary>
public sealed record WorkerView(string Resource, int Slots, int Busy, double BusyShare, IReadOnlyList<string> Stages);

/// <summary>A model with its micro-batching queue.</summary>
/// <param name="MeanBatch">Mean items of a batch since the start; null before the first.</param>
/// <param name="BatchFill">Mean batch over its limit, 0 to 1.</param>
public sealed record LaneView(string Role, string Model, string Device, int BatchLimit, double? MeanBatch, double? BatchFill, double BusyShare, long Batches, long Items, long Queue);

public sealed record ModelsView(string Pack, string Version, bool Demo, string Folder, string? Runtime, IReadOnlyList<ModelView> Roles);

public sealed record ModelView(string Role, string File, long? Bytes, string Sha256, string? Licence, string? Source, string? Version);

public sealed record ModelCheck(string Role, string Status, string Sentence);

/// <param name="LedgerBytes">Size of the ledger's file; null where a database server keeps the ledger.</param>
public sealed record StorageView(string Data, long? LedgerBytes, long MediaBytes, long MediaFiles, long FreeBytes, long ReservedBytes);

/// <summary>What an event stream sends: how far everything is. A page asks for its data again when a revision moves.</summary>
/// <param name="Revision">Raised by every change of the ledger.</param>
public sealed record Pulse(long Revision, DateTimeOffset Now, Totals Totals, string? Blocked, string? Standstill, IReadOnlyList<JobPulse> Jobs, IReadOnlyList<Operation> Operations);

public sealed record JobPulse(long Id, string Name, string State, double Progress, long Accepted, long Failed, double? EtaSeconds);

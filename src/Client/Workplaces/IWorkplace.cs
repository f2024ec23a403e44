using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Workplaces;

/// <summary>Which clips or videos to list, in the API's words.</summary>
internal sealed record ItemFilter(string Kind, long? Job, string? Outcome, string? Stage, int Limit);

/// <summary>What an export shall hold.</summary>
/// <param name="Folder">Folder on this machine; made whole or not at all.</param>
/// <param name="Dataset">Name of the dataset on its card.</param>
/// <param name="Copy">Copies clips where they could be linked.</param>
internal sealed record ExportWish(string Folder, string Dataset, long? Job, IReadOnlyList<string> Formats, bool Overwrite, bool Copy);

/// <summary>Where commands do their work: a data directory of this machine, or a host. Both answer in the host's contract, so that a command prints the same.</summary>
/// <remarks>All methods throw <see cref="WorkplaceException"/> where something cannot be had.</remarks>
internal partial interface IWorkplace : IAsyncDisposable
{
    /// <summary>By number, ascending.</summary>
    Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellationToken);

    /// <param name="change"><c>pause</c>, <c>resume</c> or <c>cancel</c>.</param>
    Task<JobView> ChangeJobAsync(long job, string change, CancellationToken cancellationToken);

    Task<IReadOnlyList<SkippedRow>> SkippedAsync(long job, int limit, CancellationToken cancellationToken);

    Task<Submission> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken);

    Task<FunnelView> FunnelAsync(long? job, CancellationToken cancellationToken);

    /// <summary>In the order of their names.</summary>
    IAsyncEnumerable<ItemSummary> ItemsAsync(ItemFilter filter, CancellationToken cancellationToken);

    /// <returns>Null where there is none of that name.</returns>
    Task<ItemDetail?> ItemAsync(string id, CancellationToken cancellationToken);

    /// <returns>A path or an address where the item's video can be had; null where it has none.</returns>
    Task<string?> MediaAsync(ItemDetail item, CancellationToken cancellationToken);

    /// <summary>The dead letters.</summary>
    Task<IReadOnlyList<ItemSummary>> FailuresAsync(long? job, CancellationToken cancellationToken);

    Task<int> RetryAsync(RetryRequest request, CancellationToken cancellationToken);

    Task<RedecisionResult> RedecideAsync(long? job, IReadOnlyDictionary<string, string> changes, CancellationToken cancellationToken);

    Task<ExportResult> ExportAsync(ExportWish wish, CancellationToken cancellationToken);

    Task<IReadOnlyList<AuditView>> AuditsAsync(CancellationToken cancellationToken);

    Task<AuditDetail> AuditAsync(long id, CancellationToken cancellationToken);

    Task<AuditDetail> CreateAuditAsync(AuditRequest request, CancellationToken cancellationToken);

    Task<AuditView> MarkAsync(long id, MarkRequest request, CancellationToken cancellationToken);

    /// <param name="format"><c>csv</c> or <c>ndjson</c>.</param>
    Task<string> ExportAuditAsync(long id, string format, CancellationToken cancellationToken);

    Task<Scaling> ScalingAsync(CancellationToken cancellationToken);

    /// <summary>Draws how far a job (or every job) is until it is at rest.</summary>
    Task WatchAsync(Output output, long? job, CancellationToken cancellationToken);

    /// <summary>Works on what is submitted until it is at rest: in this process, or by watching the process or host that does.</summary>
    /// <returns>False where it was interrupted.</returns>
    Task<bool> WorkAsync(Output output, long? job, CancellationToken cancellationToken);

    /// <summary>Tells whoever works there to look at the jobs.</summary>
    void Wake();
}

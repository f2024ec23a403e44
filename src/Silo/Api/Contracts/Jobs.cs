namespace MedGenCluster.Silo.Api.Contracts;

/// <summary>A job with its progress.</summary>
/// <param name="State"><c>running</c>, <c>paused</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Listing">True while its source is being listed.</param>
public sealed record JobView(
    long Id, string Name, string SourceKind, string Source, string State, bool Listing, long Found, long Known, long Skipped, string? Error, DateTimeOffset CreatedAt,
    long Videos, long VideosEnded, long Clips, long ClipsEnded, long Accepted, long Rejected, long Failed, double Progress, Eta? Eta, IReadOnlyDictionary<string, string> Options);

/// <summary>Submits a crawl. Exactly one of <paramref name="Source"/> and <paramref name="Screening"/> is given.</summary>
/// <param name="Source">A folder or manifest on the host, or an address.</param>
/// <param name="Screening">A screening's folder on the host: one job for each channel worth it.</param>
/// <param name="Options">Options by name, as <c>--set</c> takes them.</param>
/// <param name="CheckOnly">Validates and submits nothing.</param>
public sealed record SubmitRequest(
    string? Source = null, string? Screening = null, string? Name = null, double? MinShare = null, int? MaxChannels = null,
    IReadOnlyDictionary<string, string>? Options = null, bool CheckOnly = false);

/// <param name="Kind">What the source was taken for: <c>folder</c>, <c>manifest</c>, <c>youtube</c>, <c>http</c> or <c>screening</c>.</param>
/// <param name="Continues">The submission goes on with a job that exists.</param>
/// <param name="Notes">Things worth knowing before it runs, in words.</param>
public sealed record Submission(string Kind, string Source, string Name, bool Continues, IReadOnlyList<JobView> Jobs, IReadOnlyList<string> Notes);

public sealed record SkippedRow(string Where, string Reason);

/// <summary>Which failed items to try again: some by name, or all (of a job).</summary>
public sealed record RetryRequest(IReadOnlyList<string>? Ids = null, long? Job = null, bool All = false);

public sealed record RetryAnswer(int Retried);

/// <summary>Something that takes a while on the host.</summary>
/// <param name="Kind"><c>redecision</c>, <c>export</c>, <c>screening</c> or <c>models-bench</c>.</param>
/// <param name="State"><c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Progress">0 to 1, or null where it is not known.</param>
/// <param name="Result">What it answered, by kind: <see cref="RedecisionResult"/>, <see cref="ExportResult"/> or a report.</param>
public sealed record Operation(
    string Id, string Kind, string Title, string State, double? Progress, string? Message, string? Error, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, object? Result);

public sealed record RedecisionResult(IReadOnlyList<JobRedecision> Jobs);

public sealed record JobRedecision(long Job, long Examined, long Changed, long AcceptedBefore, long AcceptedAfter, long Unmeasured);

/// <param name="Name">Name of the export's folder on the host: letters, digits, dot, dash and underscore.</param>
public sealed record ExportRequest(string Name, string? Dataset = null, long? Job = null, IReadOnlyList<string>? Formats = null, bool Overwrite = false);

public sealed record ExportResult(string Name, int Exported, long MediaBytes, IReadOnlyList<SkippedRow> LeftOut, int? TrainerListed);

public sealed record ExportView(string Name, DateTimeOffset WrittenAt, long Bytes);

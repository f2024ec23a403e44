using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>What a fetch gave.</summary>
/// <param name="Sha256">Lower-case hexadecimal; null where nothing was fetched.</param>
/// <param name="RetrievedAt">When a network gave the last byte; null for a file that was on this machine.</param>
/// <param name="Refusal">Why the source does not give it, now or later; null where it did.</param>
public sealed record FetchedFile(long Bytes, string? Sha256, DateTimeOffset? RetrievedAt = null, string? Refusal = null)
{
    public static FetchedFile? Of(IMeasurements measurements) => StageData.Read<FetchedFile>(measurements[StageId.Fetch]);
}

/// <summary>Makes the media of a video available as a local file. Files that are local already are used where they lie.</summary>
/// <param name="fetchers">Whoever brings what is not local; the first that handles a video does.</param>
/// <param name="downloads">Folder of fetched media; each video has its own folder in it, which outlives a kill.</param>
public sealed class FetchStage(IReadOnlyList<IMediaFetcher> fetchers, string downloads) : ItemStage<VideoWork>
{
    public override StageId Id => StageId.Fetch;

    public override Resource Needs => Resource.Network;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var own = Own(measurements);
        if (own.Scores.GetValueOrDefault("refused") > 0)
            return Verdict.Reject(StageData.Read<FetchedFile>(own)?.Refusal ?? "refused");
        return LicenceRule.Refuses(own.Scores, options.Licence, unknownPasses: false)
            ? LicenceRule.Rejection
            : Verdict.Pass(own.Scores["bytes"]);
    }

    protected override async Task<StageResult> MeasureAsync(VideoWork work, CancellationToken cancellationToken)
    {
        string location = work.Metadata.Location;
        if (LocalFile.Path(location) is { } path)
        {
            var (file, failure) = await LocalFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return file is null ? failure! : Fetched(work.Metadata, file, path, metadata: null);
        }

        if (fetchers.FirstOrDefault(fetcher => fetcher.Handles(work.Metadata)) is not { } fetcher)
            return new StageResult.Failed($"'{location}' is neither a local file nor an address that can be fetched from; download it first and crawl the folder.", Retryable: false);

        var folder = Path.Combine(downloads, work.Id.Value);
        Directory.CreateDirectory(folder);
        if (LicenceRule.IsUnwanted(work.Metadata.Licence, work.Options.Licence))
        {
            // The listing did not tell: what may not be used is not downloaded.
            var outcome = await fetcher.DescribeAsync(work.Metadata, folder, cancellationToken).ConfigureAwait(false);
            if (outcome is not FetchOutcome.Described described)
                return Unfetched(outcome);
            if (LicenceRule.IsUnwanted(described.Video.Licence, work.Options.Licence))
                return Refused(LicenceRule.Code, described.Video);
        }

        switch (await fetcher.FetchAsync(work.Metadata, folder, cancellationToken).ConfigureAwait(false))
        {
            case FetchOutcome.Fetched fetched:
                var (file, failure) = await LocalFile.ReadAsync(fetched.Path, cancellationToken).ConfigureAwait(false);
                return file is null ? failure! : Fetched(fetched.Video, file with { RetrievedAt = fetched.RetrievedAt }, fetched.Path, fetched.Video);
            case var outcome:
                return Unfetched(outcome);
        }
    }

    private StageResult Unfetched(FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Refused refused => Refused(refused.Code),
        FetchOutcome.Postponed postponed => new StageResult.Postponed(postponed.Reason, postponed.After),
        FetchOutcome.Failed failed => new StageResult.Failed(failed.Reason, failed.Retryable),
        _ => throw new InvalidOperationException($"The fetcher answered {outcome}."),
    };

    private StageResult.Measured Refused(string code, VideoMetadata? learnt = null) =>
        new(Measured([("refused", 1), ("bytes", 0)], StageData.Write(new FetchedFile(0, null, Refusal: code))), Metadata: learnt);

    private StageResult.Measured Fetched(VideoMetadata video, FetchedFile file, string path, VideoMetadata? metadata) =>
        new(Measured([("bytes", file.Bytes), .. LicenceRule.Scores(video.Licence)], StageData.Write(file)), MediaPath: path, Metadata: metadata);
}

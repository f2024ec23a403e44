using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>A channel, playlist or video of YouTube (or, where allowed, a page of another site), listed without a look at each video.</summary>
/// <param name="location">The address.</param>
/// <param name="policy">What addresses of other sites may be asked.</param>
/// <remarks>Entries stream; what is kept is one key for each. A listing that the site or the network breaks off is begun again for
/// <see cref="YouTubeOptions.ListingPatience"/>, and what it brought before is not repeated.</remarks>
public sealed class YouTubeSource(
    string location, IYouTubeClient client, YouTubeOptions options, IHostBudget budget, ISourceCircuit circuit, UrlPolicy policy, TimeProvider time) : IVideoSource
{
    private const int ReadAhead = 64;

    private readonly SiteGate _gate = new(budget, circuit, policy);

    /// <inheritdoc/>
    /// <remarks>Order: the site's own. A list that claims more entries than it has is followed by a skipped item that says so.</remarks>
    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var target = VideoTarget.TryCreate(location, options, policy, out var error) ?? throw new SourceException(error);
        var before = new HashSet<string>();
        long begun = time.GetTimestamp();
        while (true)
        {
            var pass = new Pass();
            await foreach (var entry in RunAsync(target, pass, cancellationToken).ConfigureAwait(false))
            {
                if (!pass.Keys.Add(entry.Key))
                {
                    yield return new SourceItem.Skipped(pass.Place(target), $"the same video as an earlier entry ({entry.Key})");
                }
                else if (before.Add(entry.Key))
                {
                    yield return entry.Item;
                }
            }

            if (pass.Attempt is SiteAttempt.Succeeded)
            {
                if (Shortfall(target, pass) is { } shortfall)
                {
                    yield return shortfall;
                }

                yield break;
            }

            var (reason, wait) = Meaning(pass.Attempt!);
            if (wait is null || time.GetElapsedTime(begun) + wait > options.ListingPatience)
            {
                if (before.Count == 0)
                {
                    throw new SourceException($"{target.Url} could not be listed: {reason}");
                }

                yield return new SourceItem.Skipped(target.Url, $"the listing broke off after {before.Count} entries: {reason}");
                yield break;
            }

            yield return new SourceItem.Waiting($"{target.Url} cannot be listed yet: {reason}", wait.Value);
            await Task.Delay(wait.Value, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<ListedEntry> RunAsync(VideoTarget target, Pass pass, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(ReadAhead) { SingleReader = true, SingleWriter = true });
        var running = FillAsync();
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                pass.Listed++;
                var entry = ListedEntry.Read(line, pass.Place(target), target, options, policy);
                pass.ListCount ??= entry.ListCount;
                yield return entry;
            }

            pass.Attempt = await running.ConfigureAwait(false);
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(running).ConfigureAwait(false);
        }

        async Task<SiteAttempt> FillAsync()
        {
            try
            {
                return await _gate.PassAsync(
                    target,
                    target.Url,
                    // A full channel blocks the client: a list is not read far ahead of the crawl.
                    served => client.ListAsync(
                        target.Url,
                        line =>
                        {
                            served();
                            lines.Writer.WriteAsync(line, stopping.Token).AsTask().GetAwaiter().GetResult();
                        },
                        stopping.Token),
                    stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                lines.Writer.Complete();
            }
        }
    }

    private static SourceItem.Skipped? Shortfall(VideoTarget target, Pass pass) =>
        pass.Listed == 0 ? new SourceItem.Skipped(target.Url, $"the {target.Noun} lists no videos")
        : pass.ListCount > pass.Listed ? new SourceItem.Skipped(target.Url, $"the {target.Noun} says {pass.ListCount} videos, {pass.Listed} were listed")
        : null;

    /// <summary>Why a pass ended without success, and how long to wait before the next; null where waiting does not help.</summary>
    private (string Reason, TimeSpan? Wait) Meaning(SiteAttempt attempt) => attempt switch
    {
        SiteAttempt.Shut shut => ("the site refuses this machine for now.", shut.After),
        SiteAttempt.Failed { Failure: { Kind: FailureKind.EgressBlock or FailureKind.Network } failure, After: var after } => (failure.Reason, after ?? options.ListingPause),
        SiteAttempt.Failed failed => (failed.Failure.Reason, null),
        _ => throw new InvalidOperationException($"A pass ended as {attempt}."),
    };

    /// <summary>One run over the list.</summary>
    private sealed class Pass
    {
        public HashSet<string> Keys { get; } = [];

        public long Listed { get; set; }

        public long? ListCount { get; set; }

        public SiteAttempt? Attempt { get; set; }

        public string Place(VideoTarget target) => $"{target.Url} entry {Listed}";
    }
}

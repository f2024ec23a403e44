namespace MedGenCluster.Curation.Network.Download;

/// <summary>Downloads files over HTTP: politely, resumably, and believing nothing. Each fetch leaves the complete file or a part that the next goes on from, also
/// after a kill.</summary>
public sealed class HttpDownloader : IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly HttpExchange _exchange;
    private readonly DownloadOptions _options;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public HttpDownloader(UrlPolicy policy, IHostBudget budget, ISourceCircuit circuit, DownloadOptions options, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        (_options, _time) = (options, time);
        _client = new HttpMessageInvoker(HttpConnections.Create(policy, options));
        _exchange = new HttpExchange(new HostExchange(_client, budget, circuit, options, time), policy, circuit, options);
    }

    /// <summary>Downloads into a folder that belongs to this file alone, as <c>media.EXT</c>.</summary>
    /// <param name="item">The key of what is fetched, for <see cref="ISourceCircuit"/>.</param>
    public async Task<DownloadResult> DownloadAsync(Uri url, string folder, string item, CancellationToken cancellationToken)
    {
        PartialFile part;
        try
        {
            part = PartialFile.Open(folder, url);
            if (part.Finished is { } finished)
            {
                return new DownloadResult.Complete(finished.FullName, finished.Length, finished.LastWriteTimeUtc);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unwritten(folder, error.Message);
        }

        var contradictions = 0;
        for (var resumes = 0; ; resumes++)
        {
            var before = part.ResumeFrom;
            Attempt attempt;
            try
            {
                attempt = await TryAsync(url, part, item, cancellationToken).ConfigureAwait(false);
                if (attempt.Contradiction is { } what)
                {
                    part.Drop();
                    if (contradictions++ == 0)
                    {
                        // Once may be a file that changed meanwhile.
                        continue;
                    }

                    attempt = new DownloadResult.Failed(FailureKind.VideoSpecific, $"{HttpExchange.HostOf(url)} contradicts itself: {what}.", Retryable: true);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                attempt = Unwritten(folder, error.Message);
            }

            var end = attempt.End!;
            if (end is DownloadResult.Failed { Kind: FailureKind.Network, Retryable: true } && part.ResumeFrom > before && resumes < _options.MaxResumes)
            {
                continue;
            }

            return end;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<Attempt> TryAsync(Uri url, PartialFile part, string item, CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(_options.StallAfter, _time, cancellationToken);
        var from = part.ResumeFrom;
        (long, string)? range = from > 0 ? (from, part.State!.Validator!) : null;
        var answer = await _exchange.AskAsync(url, item, range, watch, cancellationToken).ConfigureAwait(false);
        if (answer.End is { } end)
        {
            return end;
        }

        using var place = answer.Place;
        using var response = answer.Response!;
        var plan = ResponsePlan.Of(response, from, part.State);
        switch (plan)
        {
            case ResponsePlan.Contradiction contradiction:
                return new Attempt(null, contradiction.What);
            case ResponsePlan.Nothing:
                return Finish(part);
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        if (ContentTypes.Refuse(type) is { } refusal)
        {
            return new DownloadResult.Refused("not-a-video", $"{url.Host} sends no video: {refusal}.");
        }

        if (response.Content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            return new DownloadResult.Failed(FailureKind.VideoSpecific, $"{url.Host} sends the file in a coding that was not asked for.", Retryable: false);
        }

        if (plan is ResponsePlan.Whole whole)
        {
            part.Begin(whole.ETag, whole.LastModified, whole.Total);
            from = 0;
        }

        var announced = plan is ResponsePlan.Rest rest ? from + rest.Length : part.State!.Total;
        if ((part.State!.Total ?? announced) > _options.MaxBytes)
        {
            return TooLarge(part, $"it has {part.State!.Total ?? announced} bytes, and {_options.MaxBytes} are allowed");
        }

        return await StoreAsync(response, part, from, announced, type, url.Host, watch, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Attempt> StoreAsync(
        HttpResponseMessage response, PartialFile part, long from, long? announced, string? type, string host, StallWatch watch, CancellationToken cancellationToken)
    {
        BodyResult copied;
        using (var file = File.OpenHandle(part.PartPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        {
            var copy = new BodyCopy(file, from, announced, part.State!.Extension is null ? Judge : null, _options, watch);
            watch.Moved();
            await using var body = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            copied = await copy.RunAsync(body).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (copied.End == BodyEnd.Over)
            {
                RandomAccess.FlushToDisk(file);
            }
        }

        switch (copied.End)
        {
            case BodyEnd.Over when part.State!.Total is { } total && total != new FileInfo(part.PartPath).Length:
                return new DownloadResult.Failed(FailureKind.Network, $"{host} sent a part of the file and no more.", Retryable: true);
            case BodyEnd.Over:
                return Finish(part);
            case BodyEnd.Excess:
                return new Attempt(null, copied.Why);
            case BodyEnd.TooLarge:
                return TooLarge(part, copied.Why!);
            case BodyEnd.NotVideo:
                part.Drop();
                return new DownloadResult.Refused("not-a-video", $"{host} sends no video: {copied.Why}.");
            case BodyEnd.Unwritten:
                return Unwritten(part.PartPath, copied.Why!);
            default:
                return new DownloadResult.Failed(FailureKind.Network, $"The transfer from {host} broke off: {copied.Why}.", Retryable: true);
        }

        string? Judge(ReadOnlySpan<byte> head)
        {
            var signature = MediaSignature.Of(head);
            if (head.Length == 0)
            {
                return "the file is empty";
            }

            if (signature.Foreign is { } foreign)
            {
                return $"the file is {foreign}";
            }

            if (signature.Extension is null && ContentTypes.NeedsSignature(type))
            {
                return $"it is served as {type} and does not begin like a video";
            }

            part.Is(signature.Extension ?? MediaSignature.Unknown);
            return null;
        }
    }

    private DownloadResult.Complete Finish(PartialFile part)
    {
        var path = part.Finish();
        return new DownloadResult.Complete(path, new FileInfo(path).Length, _time.GetUtcNow());
    }

    private static DownloadResult.Refused TooLarge(PartialFile part, string why)
    {
        part.Drop();
        return new DownloadResult.Refused("too-large", $"The file is too large: {why}.");
    }

    private static DownloadResult.Failed Unwritten(string path, string why) => new(null, $"'{path}' could not be written: {why}", Retryable: true);

    /// <summary>How a try ended, or how the server contradicted itself.</summary>
    private readonly record struct Attempt(DownloadResult? End, string? Contradiction)
    {
        public static implicit operator Attempt(DownloadResult end) => new(end, null);
    }
}

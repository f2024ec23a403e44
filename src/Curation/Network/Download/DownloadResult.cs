namespace MedGenCluster.Curation.Network.Download;

/// <summary>How a download went.</summary>
public abstract record DownloadResult
{
    private DownloadResult()
    {
    }

    /// <summary>The file is complete and on disk.</summary>
    /// <param name="At">When its last byte was.</param>
    public sealed record Complete(string Path, long Bytes, DateTimeOffset At) : DownloadResult;

    /// <summary>Not to be had, now or later.</summary>
    /// <param name="Code">Short and stable: <c>not-found</c>, <c>removed</c>, <c>login-required</c>, <c>legal-block</c>, <c>not-a-video</c>, <c>too-large</c>,
    /// <c>url-not-allowed</c>.</param>
    public sealed record Refused(string Code, string Reason) : DownloadResult;

    /// <summary>It went wrong.</summary>
    /// <param name="Kind">Null for trouble of this machine's own, such as a full disk.</param>
    public sealed record Failed(FailureKind? Kind, string Reason, bool Retryable) : DownloadResult;

    /// <summary>The host refuses or rests; nothing is the item's fault.</summary>
    public sealed record Postponed(string Reason, TimeSpan After) : DownloadResult;
}

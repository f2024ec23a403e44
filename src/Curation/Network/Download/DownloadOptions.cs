using System.Globalization;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>Limits of a download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Bytes that a file may have.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>Transfers from one host at once; others wait for their turn.</summary>
    public int MaxPerHost { get; init; } = 4;

    /// <summary>Redirects that are followed.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>A transfer that brings less than <see cref="StallBytes"/> in this time has stalled. However long a transfer takes, as long as it moves.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that count as a movement.</summary>
    public int StallBytes { get; init; } = 1024;

    /// <summary>Time for a connection to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a broken transfer is gone on with at once, as long as each brings something.</summary>
    public int MaxResumes { get; init; } = 8;

    /// <summary>How often a request is made again, at the budget's pace, because the host throttled it.</summary>
    public int MaxThrottles { get; init; } = 4;

    /// <summary>A host that rests for longer is not waited for: the item comes back later.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sent as User-Agent.</summary>
    public string UserAgent { get; init; } = "MedGenCluster/0.1";

    /// <summary>One sentence for each value that cannot be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(MaxBytes > 0, $"download.maxBytes must be above 0, not {MaxBytes}.");
        Check(MaxPerHost >= 1, $"download.maxPerHost must be at least 1, not {MaxPerHost}.");
        Check(MaxRedirects is >= 0 and <= 50, $"download.maxRedirects must lie between 0 and 50, not {MaxRedirects}.");
        Check(StallAfter > TimeSpan.Zero && StallAfter <= TimeSpan.FromHours(1), $"download.stallAfter must be above 0 and at most an hour, not {StallAfter}.");
        Check(StallBytes >= 1, $"download.stallBytes must be at least 1, not {StallBytes}.");
        Check(ConnectTimeout > TimeSpan.Zero && ConnectTimeout <= TimeSpan.FromHours(1), $"download.connectTimeout must be above 0 and at most an hour, not {ConnectTimeout}.");
        Check(MaxResumes >= 0, $"download.maxResumes must be at least 0, not {MaxResumes}.");
        Check(MaxThrottles >= 0, $"download.maxThrottles must be at least 0, not {MaxThrottles}.");
        Check(MaxWait >= TimeSpan.Zero, $"download.maxWait must not be negative, but is {MaxWait}.");
        Check(System.Net.Http.Headers.ProductInfoHeaderValue.TryParse(UserAgent, out _), $"download.userAgent must read like a product and its version, not '{UserAgent}'.");
        return errors;

        void Check(bool holds, FormattableString error)
        {
            if (!holds)
            {
                errors.Add(error.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}

namespace MedGenCluster.AzureStorage;

/// <summary>How <see cref="BlobMediaStore"/> keeps copies and how long it waits for the account.</summary>
public sealed record BlobMediaStoreOptions
{
    /// <summary>Bytes of copies on this machine, above which the least recently used go. At least 1.</summary>
    public long CacheBytes { get; init; } = 20L << 30;

    /// <summary>How long a copy stays after it was last asked for, even above the limit: the longest that a stage works on one clip.</summary>
    public TimeSpan CacheGrace { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Further tries of one request; the waits between them double from <see cref="FirstWait"/> to <see cref="LongestWait"/>. 12 of them are about 34 s.</summary>
    public int Retries { get; init; } = 12;

    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long one request, which carries at most 4 MiB, may go without an answer.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(20);
}

namespace MedGenCluster.Curation.Network.Download;

/// <summary>What a response's headers promise, held against what is known of the file.</summary>
internal abstract record ResponsePlan
{
    private ResponsePlan()
    {
    }

    /// <summary>The body is the file from its first byte.</summary>
    public sealed record Whole(string? ETag, string? LastModified, long? Total) : ResponsePlan;

    /// <summary>The body goes on from the bytes that are there.</summary>
    /// <param name="Length">Bytes that the range has; null where it is the rest of a file of unknown length.</param>
    public sealed record Rest(long? Length) : ResponsePlan;

    /// <summary>The bytes that are there are the file.</summary>
    public sealed record Nothing : ResponsePlan;

    /// <summary>The answer does not fit what was asked for or said before.</summary>
    public sealed record Contradiction(string What) : ResponsePlan;

    /// <param name="from">Where the request began, 0 for a request of the whole.</param>
    /// <param name="known">What was said before; null where nothing was.</param>
    public static ResponsePlan Of(HttpResponseMessage response, long from, PartialState? known)
    {
        var content = response.Content.Headers;
        var range = content.ContentRange;
        var eTag = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        switch ((int)response.StatusCode)
        {
            case 200:
                return new Whole(eTag, content.LastModified?.ToString("R"), content.ContentLength);
            case 416:
                return from > 0 && range?.Length == from && (known?.Total ?? from) == from
                    ? new Nothing()
                    : new Contradiction($"it has no bytes from {from} on, of {Said(known?.Total)}, and says that the file has {Said(range?.Length)}");
        }

        if (from == 0 || range is not { Unit: "bytes", From: { } first, To: { } last })
        {
            return new Contradiction("it sends a part that was not asked for");
        }

        if (first != from || last < first || range.Length <= last)
        {
            return new Contradiction($"it sends the range {range} for the bytes from {from} on");
        }

        if (known?.Total is { } total && range.Length is { } length && length != total)
        {
            return new Contradiction($"it said that the file has {total} bytes, and now {length}");
        }

        if (eTag is not null && known?.ETag is { } before && eTag != before)
        {
            return new Contradiction("it sends a part of another version of the file");
        }

        if (content.ContentLength is { } body && body != last - first + 1)
        {
            return new Contradiction($"it sends {body} bytes for the range {range}");
        }

        return new Rest(last - first + 1);
    }

    private static string Said(long? bytes) => bytes is { } known ? $"{known} bytes" : "an unknown length";
}

namespace MedGenCluster.StandIn;

/// <summary>What the stand-in does instead of serving well.</summary>
public abstract record Trouble
{
    private Trouble()
    {
    }

    public static Trouble Forbidden { get; } = new Status(403, Body: "forbidden");

    public static Trouble Throttled(TimeSpan? retryAfter = null) => new Status(429, retryAfter, "too many requests");

    /// <param name="RetryAfter">Sent in whole seconds, rounded up.</param>
    public sealed record Status(int Code, TimeSpan? RetryAfter = null, string Body = "") : Trouble;

    /// <param name="Location">As it goes into the header: relative or absolute.</param>
    public sealed record Redirect(string Location, int Code = 302) : Trouble;

    /// <summary>Sends so many bytes of the body and then nothing, on an open connection.</summary>
    public sealed record Stall(int AfterBytes) : Trouble;

    /// <summary>Sends so many bytes of the body and breaks the connection.</summary>
    public sealed record Truncate(int AfterBytes) : Trouble;

    /// <summary>Answers a range with the whole file.</summary>
    public sealed record IgnoreRange : Trouble;

    /// <summary>Says that a range begins so many bytes beside where it does.</summary>
    public sealed record ShiftContentRange(long By) : Trouble;

    /// <summary>Says another size of the whole file than it has. A larger one ends in a broken connection, a smaller one in a file cut short.</summary>
    public sealed record SayLength(long Bytes) : Trouble;

    /// <summary>Sends so many bytes more than it says in Content-Range (in chunks, without a Content-Length).</summary>
    public sealed record Excess(int Bytes) : Trouble;

    /// <summary>Sends the file under another type.</summary>
    public sealed record SayType(string? ContentType) : Trouble;
}

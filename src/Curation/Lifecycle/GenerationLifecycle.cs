using System.Numerics;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>What happens to a slice of a batch generation.</summary>
public abstract record GenerationEvent
{
    private GenerationEvent()
    {
    }

    /// <summary>A worker asks for the slice.</summary>
    public sealed record Claimed(string Operation, DateTimeOffset Until) : GenerationEvent;

    /// <summary>The worker lives and goes on.</summary>
    public sealed record Renewed(string Operation, DateTimeOffset Until) : GenerationEvent;

    /// <summary>An item is in the media store.</summary>
    public sealed record ItemDone(string Operation, int Item, DateTimeOffset Until) : GenerationEvent;

    /// <summary>An item could not be generated.</summary>
    public sealed record ItemFailed(string Operation, int Item, string Reason, bool Retryable, DateTimeOffset Until) : GenerationEvent;

    /// <summary>The worker ends its work and gives back what it has not done; nothing is held against that.</summary>
    public sealed record GivenBack(string Operation) : GenerationEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Looked : GenerationEvent;

    /// <summary>Whoever kept the leases was away and could not hear renewals: workers get their time again.</summary>
    public sealed record Recovered(DateTimeOffset Until) : GenerationEvent;

    /// <summary>The job was cancelled: whoever works on it is to stop.</summary>
    public sealed record Revoked : GenerationEvent;

    /// <summary>A person asks for another try of the dead.</summary>
    public sealed record RetryRequested : GenerationEvent;
}

/// <param name="Taken">False when the event does not concern the slice: a lost lease, a result of another operation.</param>
/// <param name="Remember">True where the new state must be stored before anyone is told.</param>
public readonly record struct GenerationTransition(GenerationSlice Slice, bool Taken, bool Remember);

/// <summary>The life of a batch generation as pure decision tables: of its slices, and of the whole. An event that does not concern the state changes nothing, so that saying one
/// twice is harmless.</summary>
public static class GenerationLifecycle
{
    /// <summary>A lease that has run out at <paramref name="now"/> ends before the event is looked at.</summary>
    public static GenerationTransition Apply(GenerationSlice before, GenerationEvent happened, RetryPolicy retry, DateTimeOffset now)
    {
        // What brings a lease back to life cannot find it run out.
        var slice = happened is GenerationEvent.Recovered ? before : Expire(before, retry, now);
        var expired = !ReferenceEquals(slice, before);
        var lease = slice.Lease;
        GenerationTransition Unconcerned() => new(slice, false, expired);
        GenerationTransition To(GenerationSlice next) => new(next, true, true);
        switch (happened)
        {
            case GenerationEvent.Claimed e when lease?.Operation == e.Operation:
                return new(slice, true, expired);
            case GenerationEvent.Claimed e when lease is null && !slice.IsSettled && now >= slice.NotBefore:
                return To(slice with { Lease = new GenerationLease(e.Operation, slice.OneByOne ? Lowest(slice.Open) : slice.Open, e.Until) });
            case GenerationEvent.Renewed e when lease?.Operation == e.Operation:
                // Not stored: a lease that is forgotten is made good by Recovered.
                return new(slice with { Lease = lease with { Until = e.Until } }, true, expired);
            case GenerationEvent.ItemDone e when Holds(lease, e.Operation, e.Item):
                return To(Without(slice with { Done = slice.Done | Bit(e.Item) }, e.Item, e.Until));
            case GenerationEvent.ItemFailed e when Holds(lease, e.Operation, e.Item):
                return To(Without(Fail(slice, e.Item, e.Reason, e.Retryable, retry, now), e.Item, e.Until));
            case GenerationEvent.ItemDone e when lease?.Operation == e.Operation && IsItem(slice, e.Item) && (slice.Done & Bit(e.Item)) != 0:
                // Said again by the same worker: its first word counted.
                return new(slice, true, expired);
            case GenerationEvent.GivenBack e when lease?.Operation == e.Operation:
                return To(slice with { Lease = null });
            case GenerationEvent.Recovered e when lease is not null:
                return new(slice with { Lease = lease with { Until = e.Until } }, true, false);
            case GenerationEvent.Revoked when lease is not null:
                return To(slice with { Lease = null });
            case GenerationEvent.RetryRequested when slice.Dead != 0:
                return To(slice with { Dead = 0, Attempts = new Dictionary<int, int>(), NotBefore = DateTimeOffset.MinValue });
            default:
                return Unconcerned();
        }
    }

    /// <summary>The state of the whole after its slices changed.</summary>
    public static GenerationState Settle(GenerationState state, IReadOnlyCollection<GenerationSlice> slices) => state switch
    {
        GenerationState.Running when slices.All(slice => slice.IsSettled) => GenerationState.Completed,
        GenerationState.Completed when slices.Any(slice => !slice.IsSettled) => GenerationState.Running,
        _ => state,
    };

    public static GenerationState Cancel(GenerationState state) => state == GenerationState.Running ? GenerationState.Cancelled : state;

    /// <summary>A retry of the dead also takes a cancelled job up again.</summary>
    public static GenerationState Retry(GenerationState state, IReadOnlyCollection<GenerationSlice> slices) =>
        slices.Any(slice => !slice.IsSettled) ? GenerationState.Running : state;

    private static GenerationSlice Expire(GenerationSlice slice, RetryPolicy retry, DateTimeOffset now)
    {
        if (slice.Lease is not { } lease || now < lease.Until)
        {
            return slice;
        }

        var free = slice with { Lease = null, OneByOne = true };
        return BitOperations.IsPow2(lease.Items)
            ? Fail(free, BitOperations.TrailingZeroCount(lease.Items), "Its worker was lost while it worked on this item.", retryable: true, retry, now)
            : free;
    }

    private static GenerationSlice Fail(GenerationSlice slice, int item, string reason, bool retryable, RetryPolicy retry, DateTimeOffset now)
    {
        var attempts = slice.Attempts.GetValueOrDefault(item) + 1;
        var dead = !retryable || attempts >= retry.MaxAttempts;
        return slice with
        {
            Attempts = new Dictionary<int, int>(slice.Attempts) { [item] = attempts },
            Reasons = new Dictionary<int, string>(slice.Reasons) { [item] = reason },
            Dead = dead ? slice.Dead | Bit(item) : slice.Dead,
            NotBefore = dead ? slice.NotBefore : now + retry.DelayAfter(attempts, $"{item}"),
        };
    }

    /// <summary>The lease ends with its last item.</summary>
    private static GenerationSlice Without(GenerationSlice slice, int item, DateTimeOffset until)
    {
        var left = slice.Lease!.Items & ~Bit(item);
        return slice with { Lease = left == 0 ? null : slice.Lease with { Items = left, Until = until } };
    }

    private static bool Holds(GenerationLease? lease, string operation, int item) => lease?.Operation == operation && item is >= 0 and < 64 && (lease.Items & Bit(item)) != 0;

    private static bool IsItem(GenerationSlice slice, int item) => item >= 0 && item < slice.Size;

    private static ulong Bit(int item) => 1UL << item;

    private static ulong Lowest(ulong bits) => bits & (~bits + 1);
}

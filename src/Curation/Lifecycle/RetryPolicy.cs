using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>Bounded attempts with exponential backoff and jitter. The only layer that retries a stage.</summary>
/// <param name="MaxAttempts">Attempts in all, at least 1.</param>
/// <param name="BaseDelay">Delay before the second attempt; doubled for each further one.</param>
/// <param name="MaxDelay">Upper bound of the delay before jitter.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan BaseDelay, TimeSpan MaxDelay)
{
    public static readonly RetryPolicy Default = new(3, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    /// <summary>Delay after <paramref name="attempts"/> failed attempts. The jitter (0.5 to 1.0 of the delay) is drawn from the entity's id, so
    /// that a thousand entities that failed together do not return together and a replay waits as long as the original.</summary>
    public TimeSpan DelayAfter(int attempts, string entityId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        var exponential = Math.Min(BaseDelay.TotalMilliseconds * Math.Pow(2, attempts - 1), MaxDelay.TotalMilliseconds);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{entityId}#{attempts}"), hash);
        var unit = BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue;
        return TimeSpan.FromMilliseconds(exponential * (0.5 + (0.5 * unit)));
    }
}

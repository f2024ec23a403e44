namespace MedGenCluster.Simulation;

/// <summary>A clock that is off by as much; its timers are the system's.</summary>
public sealed class SkewedTime(TimeSpan off) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
}

namespace MedGenCluster.Silo.Tests.Support;

/// <summary>A clock whose waits pass a number of times as fast, so that a test sees what takes half a minute without waiting for it.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    public override long GetTimestamp() => System.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private TimeSpan Shorter(TimeSpan wait) => wait <= TimeSpan.Zero ? wait : wait / factor;
}

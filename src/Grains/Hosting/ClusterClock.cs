namespace MedGenCluster.Grains.Hosting;

/// <summary>The clock that Orleans and the grains go by: this machine's, set by that of the cluster's database.</summary>
/// <remarks>Silos write their times of life into the membership table and hold the others' against their own clock. One whose machine's clock is off by more than
/// <see cref="SiloTiming"/> allows would count as dead, or hold all others for dead.</remarks>
internal sealed class ClusterClock(TimeProvider machine) : TimeProvider
{
    /// <summary>Below this a measured difference is the way's, not the clock's.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private long _off;

    /// <summary>How far this machine's clock is behind the database's.</summary>
    public TimeSpan Off => new(Volatile.Read(ref _off));

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Off;

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Sets the clock by what the database says.</summary>
    /// <param name="ask">Asks the database for its time.</param>
    public async Task SetAsync(Func<CancellationToken, Task<DateTimeOffset>> ask, CancellationToken cancellationToken)
    {
        var asked = machine.GetTimestamp();
        var theirs = await ask(cancellationToken).ConfigureAwait(false);
        var off = theirs - machine.GetUtcNow() + (machine.GetElapsedTime(asked) / 2);
        Volatile.Write(ref _off, off.Duration() < Least ? 0 : off.Ticks);
    }
}

namespace MedGenCluster.StandIn;

/// <summary>A rate that the stand-in keeps to: a token bucket over all its requests, whose overflow is answered with 429 and counted.</summary>
/// <param name="perSecond">Requests per second.</param>
/// <param name="burst">Requests that may come at once.</param>
public sealed class EnforcedRate(double perSecond, double burst, TimeSpan? retryAfter, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _settled = time.GetTimestamp();

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Requests that came too early.</summary>
    public int Violations { get; private set; }

    internal bool Allows()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_settled, now).TotalSeconds * perSecond));
            _settled = now;
            if (_tokens < 1)
            {
                Violations++;
                return false;
            }

            _tokens--;
            return true;
        }
    }
}

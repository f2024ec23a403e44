namespace MedGenCluster.AzureStorage.Tests.Support;

/// <summary>A clock that stands still until it is set on.</summary>
internal sealed class SettableTime : TimeProvider
{
    private DateTimeOffset _now = new(2025, 7, 8, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}

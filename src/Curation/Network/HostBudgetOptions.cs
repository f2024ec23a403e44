namespace MedGenCluster.Curation.Network;

/// <summary>How fast a host may be asked.</summary>
public sealed record HostBudgetOptions
{
    /// <summary>Requests per second to a host that nothing is known of.</summary>
    public double InitialRate { get; init; } = 2;

    /// <summary>Requests per second that no host is asked more of.</summary>
    public double MaxRate { get; init; } = 10;

    /// <summary>Requests per second that a throttling host is still asked.</summary>
    public double MinRate { get; init; } = 0.05;

    /// <summary>Requests that may go at once after a pause, at least 1. With 1, what a timer is late by is lost; from 2 on it is made up for.</summary>
    public double Burst { get; init; } = 2;

    /// <summary>Requests per second that the rate grows by in each second in which the host serves.</summary>
    public double Increase { get; init; } = 0.1;

    /// <summary>What the rate is multiplied by when the host throttles, above 0 and below 1.</summary>
    public double DecreaseFactor { get; init; } = 0.5;

    /// <summary>Answers to requests that were under way together count as one: after a decrease, further ones wait for this long.</summary>
    public TimeSpan DecreaseInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A host that asks for a longer rest is taken to have asked for this one.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Hosts that have a budget of their own. Hosts beyond share one.</summary>
    public int MaxHosts { get; init; } = 1024;

    /// <summary>A host that was not asked for so long may be forgotten to make room for another.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>One sentence for each value that cannot be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(double.IsFinite(MaxRate) && MaxRate is > 0 and <= 10_000, "network.maxRate must be above 0 and at most 10000 requests per second", MaxRate);
        Check(MinRate >= 0.001 && MinRate <= MaxRate, "network.minRate must be at least 0.001 and at most network.maxRate", MinRate);
        Check(InitialRate >= MinRate && InitialRate <= MaxRate, "network.initialRate must lie between network.minRate and network.maxRate", InitialRate);
        Check(Burst is >= 1 and <= 1000, "network.burst must lie between 1 and 1000 requests", Burst);
        Check(double.IsFinite(Increase) && Increase >= 0, "network.increase must be at least 0", Increase);
        Check(DecreaseFactor is > 0 and < 1, "network.decreaseFactor must lie between 0 and 1", DecreaseFactor);
        Check(DecreaseInterval >= TimeSpan.Zero, "network.decreaseInterval must not be negative", DecreaseInterval);
        Check(MaxRetryAfter >= TimeSpan.Zero && MaxRetryAfter <= TimeSpan.FromDays(1), "network.maxRetryAfter must be at most a day", MaxRetryAfter);
        Check(MaxHosts >= 1, "network.maxHosts must be at least 1", MaxHosts);
        Check(ForgetAfter >= TimeSpan.Zero, "network.forgetAfter must not be negative", ForgetAfter);
        return errors;

        void Check(bool holds, string rule, object value)
        {
            if (!holds)
            {
                errors.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rule}, not {value}."));
            }
        }
    }
}

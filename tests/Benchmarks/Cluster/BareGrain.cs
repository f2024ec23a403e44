using Orleans.Placement;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>The least that a grain of Orleans can be: what ours is measured against.</summary>
[Alias("medgen.benchmark.bare")]
public interface IBareGrain : IGrainWithIntegerKey
{
    [Alias("answer")]
    ValueTask<long> AnswerAsync();
}

[PreferLocalPlacement]
internal sealed class BareGrain : Grain, IBareGrain
{
    public ValueTask<long> AnswerAsync() => new(this.GetPrimaryKeyLong());
}

/// <summary>Measures inside of a silo, where shards call from.</summary>
[Alias("medgen.benchmark.caller")]
public interface ICallerGrain : IGrainWithIntegerKey
{
    /// <summary>Calls grains of a kind, each once; those that are not there are activated.</summary>
    /// <returns>Seconds.</returns>
    [Alias("call-each"), ResponseTimeout("00:05:00")]
    Task<double> CallEachAsync(bool bare, long first, int count, int parallel);

    /// <summary>Calls one grain again and again.</summary>
    /// <returns>Microseconds a call.</returns>
    [Alias("call-one"), ResponseTimeout("00:05:00")]
    Task<double> CallOneAsync(bool bare, long key, int times);
}

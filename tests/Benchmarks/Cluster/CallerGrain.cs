using System.Diagnostics;
using MedGenCluster.Grains.Contracts;
using Orleans.Placement;

namespace MedGenCluster.Benchmarks.Cluster;

/// <inheritdoc cref="ICallerGrain"/>
[PreferLocalPlacement]
internal sealed class CallerGrain : Grain, ICallerGrain
{
    public async Task<double> CallEachAsync(bool bare, long first, int count, int parallel)
    {
        var (watch, next) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(async _ =>
        {
            while (next < count)
            {
                await CallAsync(bare, first + next++);
            }
        }));
        return watch.Elapsed.TotalSeconds;
    }

    public async Task<double> CallOneAsync(bool bare, long key, int times)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < times; i++)
        {
            await CallAsync(bare, key);
        }

        return watch.Elapsed.TotalMicroseconds / times;
    }

    private async ValueTask CallAsync(bool bare, long key)
    {
        if (bare)
        {
            await GrainFactory.GetGrain<IBareGrain>(key).AnswerAsync();
        }
        else
        {
            await GrainFactory.GetGrain<IVideoGrain>(key).StatusAsync(CancellationToken.None);
        }
    }
}

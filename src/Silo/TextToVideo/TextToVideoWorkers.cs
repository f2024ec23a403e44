using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.TextToVideo;

/// <summary>Workers that run beside an engine. What a worker stumbles over is logged, and it goes on after a pause.</summary>
public sealed partial class TextToVideoWorkers : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly GenerationWorker _generation;
    private readonly TrainingWorker _training;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _work;

    internal TextToVideoWorkers(GenerationWorker generation, TrainingWorker training, TimeProvider time, ILogger log)
    {
        (_generation, _training, _time, _log) = (generation, training, time, log);
        _work = Task.WhenAll(
            Task.Run(() => KeepAsync("generation", () => generation.RunAsync(null, untilIdle: false, _stop.Token))),
            Task.Run(() => KeepAsync("training", () => training.RunAsync(null, untilIdle: false, _stop.Token))));
    }

    /// <summary>Has both look at once for what is due.</summary>
    public void Wake()
    {
        _generation.Wake();
        _training.Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _generation.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task KeepAsync(string worker, Func<Task> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception failure) when (!_stop.IsCancellationRequested)
            {
                LogStumbled(_log, worker, failure);
                await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The {Worker} worker stumbled; it goes on in a moment.")]
    private static partial void LogStumbled(ILogger logger, string worker, Exception failure);
}

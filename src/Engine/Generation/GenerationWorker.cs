using System.Text.Json;
using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Generation;

/// <summary>Generates what is due: leases items, has them sampled, stores the videos and remembers them. It keeps one sampler, and changes it where the next item is
/// another model's. Killed at any point it loses no more than the item in hand: a video is in the media store before the one transaction that makes its item done.</summary>
public sealed partial class GenerationWorker(
    IGenerationLedger ledger, IMediaStore media, IVideoSamplers samplers, WorkerIdentity identity, GenerationWorkerOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private readonly string _owner = identity.Name("generation");
    private readonly RetryPolicy _retry = RetryPolicy.Default;
    private readonly Wake _wake = new();
    private readonly Dictionary<long, GenerationSettings> _settings = [];
    private IVideoSampler? _sampler;
    private GenerationModel? _loaded;

    /// <summary>Looks at once for what is due.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Works until it is cancelled, or until nothing is left to do.</summary>
    /// <param name="job">One job; null for every one.</param>
    public async Task RunAsync(long? job, bool untilIdle, CancellationToken cancellationToken)
    {
        await ReclaimAsync().ConfigureAwait(false);
        while (!cancellationToken.IsCancellationRequested)
        {
            var wake = _wake.Next;

            // Looked at by reading alone: where nothing is to do nothing is written.
            var open = await AnyOpenAsync(job).ConfigureAwait(false);
            if (untilIdle && !open)
            {
                return;
            }

            var leases = open ? await ledger.LeaseGenerationsAsync(job, options.InFlight, _owner, options.Lease).ConfigureAwait(false) : new GenerationLeases([], null);
            if (leases.Items.Count > 0)
            {
                await WorkAsync(job, leases.Items, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (!open)
            {
                // A model that nobody needs leaves the memory to others.
                await UnloadAsync().ConfigureAwait(false);
            }

            var pause = leases.NextDue is { } due && due - time.GetUtcNow() is var wait && wait < options.Pause ? wait : options.Pause;
            await wake.WaitAsync(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Frees what workers of this machine hold that were killed.</summary>
    public async Task<int> ReclaimAsync()
    {
        var dead = (await ledger.GenerationOwnersAsync().ConfigureAwait(false)).Where(identity.IsDead).ToList();
        return dead.Count == 0 ? 0 : await ledger.ReclaimGenerationsAsync(dead).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await UnloadAsync().ConfigureAwait(false);

    /// <summary>Keeps the sampler busy as long as items are due, and gives back what is not begun when it is cancelled.</summary>
    private async Task WorkAsync(long? job, IReadOnlyList<LeasedGeneration> first, CancellationToken cancellationToken)
    {
        using var ending = new CancellationTokenSource();
        var held = new HeldItems(ledger, _owner, options, time);
        var beating = held.BeatAsync(ending.Token);
        try
        {
            var (waiting, running) = (new Queue<LeasedGeneration>(first), new List<Task>());
            held.Add(first);
            while (waiting.Count + running.Count > 0)
            {
                while (waiting.TryPeek(out var next) && !cancellationToken.IsCancellationRequested)
                {
                    var model = await ModelOfAsync(next).ConfigureAwait(false);
                    if (running.Count > 0 && model != _loaded)
                    {
                        break;
                    }

                    waiting.Dequeue();
                    running.Add(await BeginAsync(next, model, held, cancellationToken).ConfigureAwait(false));
                }

                if (running.Count > 0)
                {
                    var ended = await Task.WhenAny(running).ConfigureAwait(false);
                    running.Remove(ended);
                    if (!cancellationToken.IsCancellationRequested)
                    {
                        await ended.ConfigureAwait(false);
                    }
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                if (options.InFlight - waiting.Count - running.Count is > 0 and var room)
                {
                    var more = (await ledger.LeaseGenerationsAsync(job, room, _owner, options.Lease).ConfigureAwait(false)).Items;
                    held.Add(more);
                    more.ToList().ForEach(waiting.Enqueue);
                }
            }

            if (cancellationToken.IsCancellationRequested)
            {
                await UnloadAsync().ConfigureAwait(false);
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ledger.ReleaseGenerationsAsync(held.All, _owner).ConfigureAwait(false);
        }
    }

    /// <summary>Hands an item to the sampler.</summary>
    /// <returns>The rest of its way, which runs beside the next item.</returns>
    private async Task<Task> BeginAsync(LeasedGeneration item, GenerationModel model, HeldItems held, CancellationToken cancellationToken)
    {
        if (await LoadAsync(model, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            return EndAsync(item, failure, held);
        }

        var sampling = (await SettingsOfAsync(item.Item.Job).ConfigureAwait(false)).Sampling;
        var output = Path.GetFullPath(media.NewTemporaryPath(".mp4"));
        var sampled = _sampler!.SampleAsync(
            new SampleRequest($"{item.Item.Seq}", item.Text, item.Item.Seed, sampling.Steps, sampling.Guidance, sampling.Shift, output), cancellationToken);
        return FinishAsync(item, model, sampling, output, sampled, _sampler.Info, held);
    }

    private async Task FinishAsync(
        LeasedGeneration item, GenerationModel model, SamplingOptions sampling, string output, Task<SampleAnswer> sampled, SamplerInfo info, HeldItems held)
    {
        try
        {
            switch (await sampled.ConfigureAwait(false))
            {
                case SampleAnswer.Generated generated:
                    await EndAsync(item, await StoreAsync(item, model, sampling, output, generated, info).ConfigureAwait(false), held).ConfigureAwait(false);
                    break;
                case SampleAnswer.Failed failed:
                    await EndAsync(item, new GenerationOutcome.Failed(failed.Reason, failed.Retryable), held).ConfigureAwait(false);
                    break;
                default:
                    await ledger.ReleaseGenerationsAsync([item.Item.Seq], _owner).ConfigureAwait(false);
                    held.Remove(item);
                    break;
            }
        }
        finally
        {
            File.Delete(output);
        }
    }

    private async Task<GenerationOutcome> StoreAsync(
        LeasedGeneration item, GenerationModel model, SamplingOptions sampling, string output, SampleAnswer.Generated generated, SamplerInfo info)
    {
        if (!File.Exists(output) || new FileInfo(output).Length == 0)
        {
            return new GenerationOutcome.Failed("the sampler said that it wrote a video, and there is none", Retryable: true);
        }

        try
        {
            var stored = await media.AdoptAsync(output, CancellationToken.None).ConfigureAwait(false);
            if (generated.Sha256.Length > 0 && generated.Sha256 != stored.Sha256)
            {
                return new GenerationOutcome.Failed("the video is not the one that the sampler wrote (its digest is another); the disk may be full or failing", Retryable: true);
            }

            var facts = new GeneratedFacts(
                generated.Frames, generated.Width, generated.Height, generated.Fps, stored.Sha256, info.Device, info.CodeVersion, model.Fingerprint, model.Training, item.Text, item.Item.Seed, sampling);
            return new GenerationOutcome.Done(stored, JsonSerializer.Serialize(facts, EngineJson.Default.GeneratedFacts), generated.Seconds);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or MediaStoreException)
        {
            return new GenerationOutcome.Failed($"the video cannot be stored: {failure.Message}", (failure as MediaStoreException)?.Retryable ?? true);
        }
    }

    private async Task EndAsync(LeasedGeneration item, GenerationOutcome outcome, HeldItems held)
    {
        if (outcome is GenerationOutcome.Failed failed)
        {
            LogFailed(log, item.Item.Seq, failed.Reason);
        }

        await ledger.CompleteGenerationAsync(item.Item.Seq, _owner, outcome, _retry).ConfigureAwait(false);
        held.Remove(item);
    }

    /// <returns>Why the model cannot be had; null where it is loaded.</returns>
    private async Task<GenerationOutcome?> LoadAsync(GenerationModel model, CancellationToken cancellationToken)
    {
        if (_sampler is { Ended.IsCompleted: false } && _loaded == model)
        {
            return null;
        }

        await UnloadAsync().ConfigureAwait(false);
        var start = await samplers.StartAsync(model.Path, model.Lora, cancellationToken).ConfigureAwait(false);
        (_sampler, _loaded) = (start.Sampler, start.Sampler is null ? null : model);
        return start.Sampler is null ? new GenerationOutcome.Failed(start.Error!, start.Retryable) : null;
    }

    private async Task UnloadAsync()
    {
        if (_sampler is { } sampler)
        {
            (_sampler, _loaded) = (null, null);
            await sampler.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> AnyOpenAsync(long? job) =>
        (await ledger.GenerationsAsync().ConfigureAwait(false)).Any(row => row.State == GenerationState.Running && (job is null || row.Id == job));

    private async Task<GenerationModel> ModelOfAsync(LeasedGeneration item) => (await SettingsOfAsync(item.Item.Job).ConfigureAwait(false)).Models[item.Item.Model];

    private async Task<GenerationSettings> SettingsOfAsync(long job)
    {
        if (!_settings.TryGetValue(job, out var settings))
        {
            _settings[job] = settings = (await ledger.GenerationAsync(job).ConfigureAwait(false))!.Settings;
        }

        return settings;
    }

    [LoggerMessage(LogLevel.Warning, "Item {Item} could not be generated: {Reason}")]
    private static partial void LogFailed(ILogger logger, long item, string reason);
}

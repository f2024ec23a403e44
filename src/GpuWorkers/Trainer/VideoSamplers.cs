using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>Starts <c>python3 -m t2v.serve</c>, one process for a model.</summary>
public sealed class VideoSamplers(TrainerOptions options, TimeProvider time) : IVideoSamplers
{
    public async Task<SamplerStart> StartAsync(string model, string? lora, CancellationToken cancellationToken)
    {
        if (options.Validate() is [var trouble, ..])
        {
            return new SamplerStart(null, trouble, Retryable: false);
        }

        string[] arguments = lora is null ? ["-m", "t2v.serve", "--model", model] : ["-m", "t2v.serve", "--model", model, "--lora", lora];
        var process = LiveProcess.Start(new ProcessSpec(options.Python, arguments, WorkingDirectory: options.Folder), time);
        if (process is null)
        {
            return new SamplerStart(null, $"there is no Python interpreter '{options.Python}' on this machine; install it or name one with --python.", Retryable: false);
        }

        try
        {
            var (info, error, retryable) = await ReadyAsync(process, cancellationToken).ConfigureAwait(false);
            if (info is not null)
            {
                var sampler = new SamplerProcess(process, info, options, time);
                process = null;
                return new SamplerStart(sampler, null, false);
            }

            return new SamplerStart(null, error, retryable);
        }
        finally
        {
            if (process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<(SamplerInfo? Info, string? Error, bool Retryable)> ReadyAsync(LiveProcess process, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.LoadLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (var text in process.Lines.ReadAllAsync(either.Token).ConfigureAwait(false))
            {
                switch (TrainerLine.Parse(text))
                {
                    case { Name: "ready" } line:
                        return (
                            new SamplerInfo(
                                line.String("device") ?? "", (int)(line.Whole("num_frames") ?? 0), (int)(line.Whole("height") ?? 0), (int)(line.Whole("width") ?? 0), line.Real("fps") ?? 0,
                                line.Real("seconds") ?? 0, line.String("code_version")),
                            null, false);
                    case { Name: "error" } line:
                        var error = line.Error();
                        return (null, $"{error.Kind}: {error.Message}{(error.Hint is { } hint ? $" {hint}" : "")}", error.IsRetryable);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the sampler did not load its model in {options.LoadLimit.TotalSeconds:0} s and was killed", true);
        }

        return (null, TrainerDeath.Say("the sampler", await process.Ended.ConfigureAwait(false), process.ErrorTail), true);
    }
}

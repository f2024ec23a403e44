namespace MedGenCluster.Curation.Generation;

/// <summary>A loaded text-to-video model that samples videos, one after another. What is asked for meanwhile waits inside it.</summary>
public interface IVideoSampler : IAsyncDisposable
{
    SamplerInfo Info { get; }

    /// <summary>Completes when the sampler is gone, with what there is to say about it.</summary>
    Task<string> Ended { get; }

    /// <summary>Samples a video into <see cref="SampleRequest.Output"/>. Never throws for what can be expected.</summary>
    Task<SampleAnswer> SampleAsync(SampleRequest request, CancellationToken cancellationToken);
}

/// <summary>Loads models. A model that cannot be loaded is an answer, not an exception.</summary>
public interface IVideoSamplers
{
    /// <param name="model">Folder of a model.</param>
    /// <param name="lora">Folder of a LoRA on it; null for none.</param>
    Task<SamplerStart> StartAsync(string model, string? lora, CancellationToken cancellationToken);
}

/// <param name="Sampler">Null where it did not start.</param>
/// <param name="Error">Why it did not.</param>
/// <param name="Retryable">Whether it may start another time.</param>
public sealed record SamplerStart(IVideoSampler? Sampler, string? Error, bool Retryable);

/// <summary>What the loaded model gives.</summary>
/// <param name="Fps">Frames a second.</param>
/// <param name="LoadSeconds">What loading it took.</param>
public sealed record SamplerInfo(string Device, int Frames, int Height, int Width, double Fps, double LoadSeconds, string? CodeVersion);

/// <param name="Output">Absolute path of the mp4 file to write.</param>
public sealed record SampleRequest(string Id, string Prompt, long Seed, int Steps, double Guidance, double Shift, string Output);

public abstract record SampleAnswer
{
    private SampleAnswer()
    {
    }

    /// <param name="Sha256">Of the file.</param>
    /// <param name="Seconds">What it took.</param>
    public sealed record Generated(int Frames, int Width, int Height, double Fps, double Seconds, string Sha256) : SampleAnswer;

    /// <param name="Retryable">Whether another attempt may end otherwise.</param>
    public sealed record Failed(string Reason, bool Retryable) : SampleAnswer;

    /// <summary>The sampler ended before it came to it: nothing is held against the request.</summary>
    public sealed record NotBegun : SampleAnswer;
}

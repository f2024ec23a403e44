namespace MedGenCluster.Curation.Captioning;

/// <summary>Describes clips. Expected trouble is a result, not an exception.</summary>
public interface ICaptioner
{
    /// <summary>Kind, model and prompt, for example <c>template-1</c> or <c>openai:gpt-4o:3f2a91c0</c>; part of every stored caption's key.</summary>
    string Version { get; }

    /// <summary>False where captions are made from text alone; then <see cref="CaptionRequest.Frames"/> is not called.</summary>
    bool NeedsFrames { get; }

    Task<CaptionResult> CaptionAsync(CaptionRequest request, CancellationToken cancellationToken);
}

/// <summary>What is known about a clip.</summary>
/// <param name="ClipId">For messages.</param>
/// <param name="Title">Title of the video, may be empty.</param>
/// <param name="Description">Description of the video, may be empty.</param>
/// <param name="Transcript">What is said during the clip, may be empty.</param>
public sealed record CaptionRequest(string ClipId, string Title, string Description, string Transcript)
{
    /// <summary>Length of the clip, where it is known.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>What the picture is like, where it was measured.</summary>
    public VisualStatistics? Visuals { get; init; }

    /// <summary>Gives 8 evenly spaced frames as JPEG files; called once at the most, and only by captioners that need frames.</summary>
    public Func<CancellationToken, Task<FrameFiles>>? Frames { get; init; }
}

/// <summary>Frames of a clip as JPEG files.</summary>
/// <param name="Trouble">Why there are none, a sentence for a person; null where there are.</param>
public sealed record FrameFiles(IReadOnlyList<ReadOnlyMemory<byte>> Files, string? Trouble = null)
{
    public static readonly FrameFiles None = new([]);
}

/// <summary>Plain statistics of a clip's picture.</summary>
/// <param name="Motion">Mean absolute luma difference of adjacent sampled frames, 0..255.</param>
/// <param name="Brightness">Mean luma, 0..255.</param>
/// <param name="Colourfulness">Hasler and Süsstrunk's M (2003), 0 for grey, above 60 for strong colours.</param>
public sealed record VisualStatistics(double Motion, double Brightness, double Colourfulness);

/// <summary>Outcome of captioning one clip.</summary>
public abstract record CaptionResult
{
    private CaptionResult()
    {
    }

    /// <param name="Detailed">Several sentences.</param>
    /// <param name="Brief">One sentence.</param>
    /// <param name="Category">Null where nothing tells.</param>
    /// <param name="Model">The model as the endpoint names it, or the template's version.</param>
    /// <param name="PromptHash">First 16 hexadecimal digits of the SHA-256 of the prompts' fixed text.</param>
    public sealed record Captioned(string Detailed, string Brief, ClipCategory? Category, string Model, string PromptHash) : CaptionResult;

    /// <summary>The model declined, or a content filter stepped in.</summary>
    public sealed record Refused(string Reason) : CaptionResult;

    /// <summary>The caption ran into its length limit; <paramref name="Text"/> is what there was of it.</summary>
    public sealed record Truncated(string Text) : CaptionResult;

    /// <summary>No caption. <paramref name="Reason"/> is a sentence for a person.</summary>
    public sealed record Failed(string Reason, bool Retryable) : CaptionResult;
}

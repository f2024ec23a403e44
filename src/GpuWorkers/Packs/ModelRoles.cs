namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>What models are used for. A pack maps each role that it has to one file.</summary>
public static class ModelRoles
{
    public const string ClipVision = "clip-vision";
    public const string FrameClassifier = "frame-classifier";
    public const string TextEmbedder = "text-embedder";
    public const string TextClassifier = "text-classifier";
    public const string Aesthetic = "aesthetic";
    public const string DoverTechnical = "dover-technical";
    public const string DoverAesthetic = "dover-aesthetic";
    public const string Dino = "dino";
    public const string Musiq = "musiq";
    public const string FrameInterpolator = "frame-interpolator";
    public const string TextToVideo = "text-to-video";

    /// <summary>Every role, in the order in which lists show them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ClipVision, FrameClassifier, TextEmbedder, TextClassifier, Aesthetic, DoverTechnical, DoverAesthetic, Dino, Musiq, FrameInterpolator, TextToVideo,
    ];

    /// <summary>The item shape and the output length that the pipeline counts on, or null where a role leaves them to the model.</summary>
    public static (int[] Item, int Output)? Contract(string role) => role switch
    {
        ClipVision => ([3, 224, 224], 768),
        FrameClassifier => ([768], 2),
        DoverTechnical or DoverAesthetic => ([3, 32, 224, 224], 1),
        _ => null,
    };
}

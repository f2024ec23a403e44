namespace MedGenCluster.Curation.Models;

/// <summary>The loaded models by role. A model is loaded on first use and kept.</summary>
public interface IModelCatalog
{
    /// <summary>CLIP image encoder: pixels [3,224,224] to an embedding [768], not L2-normalised.</summary>
    ITensorModel ClipVision { get; }

    /// <summary>Medical or not: an embedding [768] to logits [2], class 1 = medical.</summary>
    ITensorModel FrameClassifier { get; }

    /// <summary>The linear aesthetic head over the embedding.</summary>
    IAestheticHead Aesthetic { get; }

    /// <summary>DOVER technical branch: fragments [3,32,224,224] to a raw score [1].</summary>
    ITensorModel DoverTechnical { get; }

    /// <summary>DOVER aesthetic branch: resized frames [3,32,224,224] to a raw score [1].</summary>
    ITensorModel DoverAesthetic { get; }
}

/// <summary>The LAION improved aesthetic predictor, folded to one affine map.</summary>
public interface IAestheticHead
{
    /// <summary>Role and file identity.</summary>
    string Version { get; }

    /// <summary>True for the demonstration pack.</summary>
    bool IsDemo { get; }

    /// <summary>Score of an embedding [768] (any norm; it is L2-normalised here), nominal range 1..10.</summary>
    double Score(ReadOnlySpan<float> embedding);
}

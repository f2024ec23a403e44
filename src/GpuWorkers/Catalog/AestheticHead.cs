using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Safetensors;

namespace MedGenCluster.GpuWorkers.Catalog;

/// <summary>The LAION improved aesthetic predictor (arXiv 2507.05675 section 3.2) as one affine map over the L2-normalised embedding.</summary>
public sealed class AestheticHead(LinearChain chain, string version, bool isDemo) : IAestheticHead
{
    public string Version => version;

    public bool IsDemo => isDemo;

    /// <summary>Score of an embedding; a zero embedding stays zero and scores the bias.</summary>
    public double Score(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != chain.InputLength)
            throw new ModelException($"{version}: takes embeddings of {chain.InputLength} values, got {embedding.Length}.");
        double dot = 0, squares = 0;
        for (var i = 0; i < embedding.Length; i++)
        {
            dot += chain.Weights[i] * embedding[i];
            squares += (double)embedding[i] * embedding[i];
        }
        return squares == 0 ? chain.Bias : (dot / Math.Sqrt(squares)) + chain.Bias;
    }
}

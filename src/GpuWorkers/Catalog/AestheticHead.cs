using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.GpuWorkers.Catalog;

/// <summary>A pack's aesthetic head.</summary>
internal sealed class AestheticHead(LinearHead head, string version, bool isDemo) : IAestheticHead
{
    public string Version => version;

    public bool IsDemo => isDemo;

    public double Score(ReadOnlySpan<float> embedding) => embedding.Length == head.Dimension
        ? head.Score(embedding)
        : throw new ModelException($"{version}: takes embeddings of {head.Dimension} values, got {embedding.Length}.");
}

using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Screening;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Safetensors;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>The screening's second stage: the pack's text embedder with a logistic head. The paper does not say how its head was made
/// (METHOD section 7); ours is linear on the unit vector, and the probability is its logistic function. Thread-safe.</summary>
public sealed class TextClassifier : ITextClassifier
{
    private readonly TextEmbedder _embedder;
    private readonly LinearHead _head;

    /// <summary>Opens embedder and head of the pack.</summary>
    /// <exception cref="ModelException">The pack lacks one of them, or they cannot be used together.</exception>
    public TextClassifier(ModelCatalog catalog)
    {
        _embedder = new TextEmbedder(catalog);
        var (pack, entry) = (catalog.Pack, catalog.Pack[ModelRoles.TextClassifier]);
        if (PackVerifier.CheckFiles(pack, entry) is { } trouble)
            throw new ModelException(trouble.Sentence);
        _head = LinearHeadFile.Load(entry.Role, pack.PathOf(entry.File));
        if (_head.Dimension != _embedder.Dimension)
            throw new ModelException(PackVerifier.WrongHead(entry, pack.PathOf(entry.File), _head.Dimension, _embedder.Dimension));
        Version = $"{_embedder.Version}+{pack.VersionOf(entry)}";
    }

    public string Version { get; }

    public bool IsDemo => _embedder.IsDemo;

    public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<double>>(() => [.. _embedder.Embed(texts, cancellationToken).Select(Probability)], cancellationToken);

    private double Probability(float[] vector) => 1 / (1 + Math.Exp(-_head.Score(vector)));
}

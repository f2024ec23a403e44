using MedGenCluster.Curation.Segmentation;

namespace MedGenCluster.Curation.Tests.Segmentation;

public sealed class EmbeddingSimilarityTests
{
    [Fact]
    public void Is_the_cosine_of_the_angle() => Assert.Equal(24.0 / 25, EmbeddingSimilarity.Cosine([3, 4], [4, 3]), 1e-15);

    [Fact]
    public void Does_not_depend_on_the_norms() =>
        Assert.Equal(EmbeddingSimilarity.Cosine([1, 2, 3], [3, 1, 2]), EmbeddingSimilarity.Cosine([1e-6f, 2e-6f, 3e-6f], [3e6f, 1e6f, 2e6f]), 1e-6);

    [Fact]
    public void Opposite_embeddings_have_minus_one() => Assert.Equal(-1, EmbeddingSimilarity.Cosine([1, -2], [-1, 2]), 1e-15);

    [Fact]
    public void A_zero_vector_is_similar_to_nothing() => Assert.Equal(0, EmbeddingSimilarity.Cosine([0, 0], [1, 0]));

    [Fact]
    public void Refuses_different_lengths() => Assert.Throws<ArgumentException>(() => EmbeddingSimilarity.Cosine([1], [1, 2]));
}

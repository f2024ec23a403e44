using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Quality;

/// <summary>The folded aesthetic predictor against the chain of layers.</summary>
public sealed class LinearHeadTests
{
    private sealed record MiniLayer(float[][] Weight, float[] Bias);

    private sealed record Mini(MiniLayer[] Layers, float[][] Embeddings, double[] FoldedW, double FoldedB, double[] Scores, double[] ScoresFloat32Chain);

    private sealed record FullLayer(int In, int Out, double WeightBound, double? BiasBound, double? BiasConstant);

    private sealed record Full(ulong Splitmix64Seed, FullLayer[] Layers, double[] FirstValues, string WeightsSha256, double FoldedB, double FoldedWNorm, double[] FoldedW, double[] Scores, double[] ScoresFloat32Chain);

    [Fact]
    public void A_small_chain_folds_to_the_reference_map()
    {
        var golden = Goldens.Json<Mini>("laion_aesthetic", "mini", "mini.json");
        var head = LinearHead.Fold([.. golden.Layers.Select(layer => new LinearLayer(layer.Weight.SelectMany(row => row).ToArray(), layer.Bias))]);

        AssertMap(golden.FoldedW, golden.FoldedB, head);
        AssertScores(golden.Embeddings, golden.Scores, golden.ScoresFloat32Chain, head);
    }

    [Fact]
    public void The_chain_of_the_real_shape_folds_to_the_reference_map()
    {
        var golden = Goldens.Json<Full>("laion_aesthetic", "full", "full.json");
        var layers = Draw(golden);
        var bytes = layers.SelectMany(layer => layer.Weight.ToArray().Concat(layer.Bias.ToArray())).ToArray();
        Assert.Equal(golden.WeightsSha256, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(bytes.AsSpan()))));
        var embeddings = Npy.Read(Goldens.PathOf("laion_aesthetic", "full", "embeddings.npy")).Floats().Chunk(768).ToArray();

        var head = LinearHead.Fold(layers);

        Assert.Equal(768, head.Dimension);
        Assert.Equal(golden.FoldedWNorm, Math.Sqrt(head.Weights.ToArray().Sum(w => w * w)), 1e-9);
        AssertMap(golden.FoldedW, golden.FoldedB, head);
        AssertScores(embeddings, golden.Scores, golden.ScoresFloat32Chain, head);
    }

    [Fact]
    public void The_zero_vector_scores_exactly_the_bias() => Assert.Equal(5.25, new LinearHead([1, -2], 5.25).Score([0, 0]));

    [Fact]
    public void The_score_does_not_depend_on_the_norm() =>
        Assert.Equal(new LinearHead([1, -2], 3).Score([0.3f, 0.4f]), new LinearHead([1, -2], 3).Score([30f, 40f]), 1e-6);

    [Fact]
    public void Refuses_layers_that_do_not_fit() =>
        Assert.Throws<ArgumentException>(() => LinearHead.Fold([new LinearLayer(new float[6], new float[2]), new LinearLayer(new float[3], new float[1])]));

    [Fact]
    public void Refuses_a_chain_that_does_not_end_in_one_score() =>
        Assert.Throws<ArgumentException>(() => LinearHead.Fold([new LinearLayer(new float[6], new float[2])]));

    [Fact]
    public void Refuses_an_embedding_of_another_dimension() =>
        Assert.Throws<ArgumentException>(() => new LinearHead([1, 2], 0).Score([1, 2, 3]));

    private static LinearLayer[] Draw(Full golden)
    {
        var random = new SplitMix64(golden.Splitmix64Seed);
        float[] Values(int count, double bound) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * ((random.Next() >> 40) / 16777216.0) - 1) * bound))];
        return [.. golden.Layers.Select(layer => new LinearLayer(
            Values(layer.In * layer.Out, layer.WeightBound),
            layer.BiasConstant is { } constant ? [(float)constant] : Values(layer.Out, layer.BiasBound!.Value)))];
    }

    private static void AssertMap(double[] weights, double bias, LinearHead head)
    {
        Assert.Equal(weights.Length, head.Weights.Length);
        for (var i = 0; i < weights.Length; i++)
            Assert.Equal(weights[i], head.Weights[i], 1e-9);
        Assert.Equal(bias, head.Bias, 1e-9);
    }

    private static void AssertScores(float[][] embeddings, double[] exact, double[] chain, LinearHead head)
    {
        Assert.Equal(exact.Length, embeddings.Length);
        for (var i = 0; i < embeddings.Length; i++)
        {
            Assert.Equal(exact[i], head.Score(embeddings[i]), 1e-9);
            Assert.Equal(chain[i], head.Score(embeddings[i]), 2e-5);
        }
    }
}

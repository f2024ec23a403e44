namespace MedGenCluster.Curation.Quality;

/// <summary>One linear layer, y = W x + b.</summary>
/// <param name="Weight">W as [outputs, inputs] in row order.</param>
/// <param name="Bias">b as [outputs].</param>
public sealed record LinearLayer(ReadOnlyMemory<float> Weight, ReadOnlyMemory<float> Bias)
{
    public int Outputs => Bias.Length;

    public int Inputs => Bias.Length == 0 ? 0 : Weight.Length / Bias.Length;
}

/// <summary>A chain of linear layers without activations, folded to one affine map of the L2-normalised embedding. The LAION
/// improved aesthetic predictor is such a chain (christophschuhmann/improved-aesthetic-predictor simple_inference.py).</summary>
public sealed class LinearHead
{
    private readonly double[] weights;

    /// <param name="weights">w, one per dimension of the embedding.</param>
    /// <param name="bias">b, the score of the zero vector.</param>
    public LinearHead(ReadOnlySpan<double> weights, double bias)
    {
        if (weights.IsEmpty)
            throw new ArgumentException("A head needs at least one weight.", nameof(weights));
        this.weights = weights.ToArray();
        Bias = bias;
    }

    /// <summary>w of score = w . e + b.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>b of score = w . e + b.</summary>
    public double Bias { get; }

    /// <summary>Dimension of the embedding.</summary>
    public int Dimension => weights.Length;

    /// <summary>Folds a chain in double: w = W_n ... W_1 and b = W_n(... (W_2 b_1 + b_2) ...) + b_n.</summary>
    /// <param name="layers">From the embedding to the score; the last has one output.</param>
    /// <exception cref="ArgumentException">The layers do not fit each other or do not end in one score.</exception>
    public static LinearHead Fold(IReadOnlyList<LinearLayer> layers)
    {
        if (layers.Count == 0 || layers[^1].Outputs != 1)
            throw new ArgumentException("The chain must end in one score.", nameof(layers));
        double[] row = [1];
        var bias = 0.0;
        for (var l = layers.Count - 1; l >= 0; l--)
        {
            var layer = layers[l];
            if (layer.Outputs != row.Length || layer.Inputs == 0 || layer.Weight.Length != layer.Outputs * layer.Inputs)
                throw new ArgumentException($"Layer {l} maps {layer.Inputs} to {layer.Outputs}, the next one takes {row.Length}.", nameof(layers));
            var folded = new double[layer.Inputs];
            for (var o = 0; o < row.Length; o++)
            {
                bias += row[o] * layer.Bias.Span[o];
                var weight = layer.Weight.Span.Slice(o * layer.Inputs, layer.Inputs);
                for (var i = 0; i < folded.Length; i++)
                    folded[i] += row[o] * weight[i];
            }

            row = folded;
        }

        return new LinearHead(row, bias);
    }

    /// <summary>Score of an embedding of any norm; it is L2-normalised here, and the zero vector scores exactly <see cref="Bias"/>.</summary>
    /// <exception cref="ArgumentException">The embedding has another dimension.</exception>
    public double Score(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != weights.Length)
            throw new ArgumentException($"The embedding has {embedding.Length} dimensions instead of {weights.Length}.", nameof(embedding));
        double dot = 0, square = 0;
        for (var i = 0; i < embedding.Length; i++)
        {
            dot += weights[i] * embedding[i];
            square += (double)embedding[i] * embedding[i];
        }

        return square == 0 ? Bias : dot / Math.Sqrt(square) + Bias;
    }
}

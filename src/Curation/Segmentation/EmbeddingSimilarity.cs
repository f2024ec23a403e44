namespace MedGenCluster.Curation.Segmentation;

/// <summary>Cosine similarity of frame embeddings, S(x_k, x_{k-1}) of arXiv 2507.05675 section 3.1.</summary>
public static class EmbeddingSimilarity
{
    /// <summary>Cosine of two embeddings of equal length, -1..1, computed in double. With a zero vector it is 0.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Embeddings of {a.Length} and {b.Length} dimensions cannot be compared.");
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return aa == 0 || bb == 0 ? 0 : Math.Clamp(dot / (Math.Sqrt(aa) * Math.Sqrt(bb)), -1, 1);
    }
}

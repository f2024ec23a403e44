using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>Texts to unit vectors with a BERT encoder: WordPiece, the last hidden state of [CLS], L2 norm (METHOD section 7,
/// snowflake-arctic-embed-m as a document encoder: no query prefix). Thread-safe.</summary>
/// <remarks>A text is padded to the next multiple of <see cref="PaddingStep"/> tokens and travels only with texts of that length, in
/// batches that are filled up to the rows from which the runtime is stable. So every sum over a text has the same terms in the same
/// order whatever its neighbours are, and its vector the same bits.</remarks>
public sealed class TextEmbedder
{
    /// <summary>Lengths are rounded up to a multiple of this many tokens.</summary>
    public const int PaddingStep = 16;

    /// <summary>Most texts of one run.</summary>
    public const int MaxBatch = 32;

    private readonly IInferenceSession _session;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly int _stableRows;
    private readonly string[] _inputs;
    private readonly string _output;

    /// <summary>Opens the pack's text embedder.</summary>
    /// <exception cref="ModelException">The pack has none, or its files cannot be used.</exception>
    public TextEmbedder(ModelCatalog catalog)
    {
        var (pack, entry) = (catalog.Pack, catalog.Pack[ModelRoles.TextEmbedder]);
        if (PortCheck.AgainstContract(entry) is { } wrong)
            throw new ModelException(wrong);
        var input = TextInput.Of(entry);
        _session = catalog.Session(entry.Role);
        _tokenizer = WordPieceTokenizer.Load(entry.Role, pack.PathOf(input.Vocabulary));
        _maxTokens = input.MaxTokens;
        _stableRows = catalog.StableRows(MaxBatch);
        _inputs = [.. entry.Inputs.Select(port => port.Name)];
        _output = entry.Outputs[0].Name;
        Dimension = entry.Outputs[0].Shape[2].Size!.Value;
        (Version, IsDemo) = (pack.VersionOf(entry), pack.IsDemo);
    }

    /// <summary>Role and file identities.</summary>
    public string Version { get; }

    /// <summary>True for the demonstration pack.</summary>
    public bool IsDemo { get; }

    /// <summary>Values of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The unit vector of each text, in order.</summary>
    /// <exception cref="ModelException">The execution failed.</exception>
    public float[][] Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        int[][] ids = [.. texts.Select(text => _tokenizer.Encode(text, _maxTokens))];
        var vectors = new float[ids.Length][];
        foreach (var group in Enumerable.Range(0, ids.Length).GroupBy(i => PaddedLength(ids[i].Length)))
        {
            foreach (var rows in group.Chunk(MaxBatch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Run(rows, ids, group.Key, vectors);
            }
        }
        return vectors;
    }

    private int PaddedLength(int tokens) => Math.Min((tokens + PaddingStep - 1) / PaddingStep * PaddingStep, _maxTokens);

    private void Run(int[] rows, int[][] ids, int length, float[][] vectors)
    {
        var count = Math.Max(rows.Length, _stableRows);
        var tokens = new long[count * length];
        var mask = new long[count * length];
        Array.Fill(tokens, _tokenizer.Pad);
        for (var row = 0; row < count; row++)
        {
            // A row that only fills the batch up is an empty text.
            int[] text = row < rows.Length ? ids[rows[row]] : [_tokenizer.Start, _tokenizer.End];
            for (var i = 0; i < text.Length; i++)
                (tokens[(row * length) + i], mask[(row * length) + i]) = (text[i], 1);
        }

        int[] shape = [count, length];
        var outputs = _session.Run([.. _inputs.Select(name => NamedTensor.Of(name, shape, name switch
        {
            TextPorts.Ids => tokens,
            TextPorts.Mask => mask,
            _ => new long[count * length],
        }))]);
        var hidden = outputs.First(output => output.Name == _output).Floats!;
        for (var row = 0; row < rows.Length; row++)
            vectors[rows[row]] = Unit(hidden.AsSpan(row * length * Dimension, Dimension));
    }

    private static float[] Unit(ReadOnlySpan<float> vector)
    {
        double square = 0;
        foreach (var value in vector)
            square += (double)value * value;
        var norm = Math.Sqrt(square);
        var unit = vector.ToArray();
        if (norm > 0)
            for (var i = 0; i < unit.Length; i++)
                unit[i] = (float)(unit[i] / norm);
        return unit;
    }
}

using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Onnx;
using MedGenCluster.GpuWorkers.Tests.Support;
using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.GpuWorkers.Tests.Text;

public sealed class TextEmbedderTests
{
    [RuntimeFact]
    public async Task The_golden_sentences_have_the_golden_vectors()
    {
        using var folder = new TempFolder();
        await using var catalog = Catalog(TinyText.WritePack(folder));
        var tokens = TinyModels.Description.GetProperty("tokens");
        string[] texts = [.. tokens.GetProperty("input_ids").EnumerateArray().Select(row => TinyText.Of(row.EnumerateArray().Select(id => id.GetInt64())))];

        var vectors = new TextEmbedder(catalog).Embed(texts, CancellationToken.None);

        GoldenTests.AssertClose(TinyModels.Npy(tokens.GetProperty("cls_l2").GetString()!), [.. vectors.SelectMany(vector => vector)]);
    }

    [RuntimeTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(70)]
    public async Task A_text_has_the_same_bits_whoever_its_neighbours_are(int together)
    {
        using var folder = new TempFolder();
        await using var tiny = Catalog(TinyText.WritePack(folder));
        await using var demo = Catalog(ModelPack.Load(Repository.DemoPack));
        foreach (var embedder in new[] { new TextEmbedder(tiny), new TextEmbedder(demo) })
        {
            // Lengths from one word to many, so that short and cut-off texts meet.
            string[] texts = [.. Enumerable.Range(0, 70).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i * i % 40)).Select(j => $"w{1000 + (i * 31) + j}")))];
            float[][] alone = [.. texts.Select(text => embedder.Embed([text], CancellationToken.None)[0])];

            foreach (var chunk in Enumerable.Range(0, texts.Length).Reverse().Chunk(together))
            {
                var vectors = embedder.Embed([.. chunk.Select(i => texts[i])], CancellationToken.None);
                for (var i = 0; i < chunk.Length; i++)
                    Assert.True(alone[chunk[i]].AsSpan().SequenceEqual(vectors[i]), $"text {chunk[i]} differs among {together}");
            }
        }
    }

    [RuntimeFact]
    public async Task Vectors_have_length_one_also_for_empty_and_endless_texts()
    {
        using var folder = new TempFolder();
        await using var catalog = Catalog(TinyText.WritePack(folder));
        var embedder = new TextEmbedder(catalog);

        var vectors = embedder.Embed(["", "w5", new string('x', 1_000_000), string.Concat(Enumerable.Repeat("w9 ", 5000))], CancellationToken.None);

        Assert.All(vectors, vector =>
        {
            Assert.Equal(embedder.Dimension, vector.Length);
            Assert.Equal(1, vector.Sum(value => (double)value * value), 5);
        });
        Assert.Empty(embedder.Embed([], CancellationToken.None));
    }

    [Fact]
    public async Task The_vocabulary_is_part_of_the_models_identity()
    {
        using var folder = new TempFolder();
        var pack = TinyText.WritePack(folder);
        await using var catalog = Catalog(pack);

        Assert.Matches(@"^text-embedder@tiny:f7fe5baa\.[0-9a-f]{8}$", pack.VersionOf(pack[ModelRoles.TextEmbedder]));
    }

    [Fact]
    public async Task A_pack_that_names_no_vocabulary_is_refused_with_what_is_missing()
    {
        using var folder = new TempFolder();
        await using var catalog = Catalog(TinyText.WritePack(folder, entry => entry["preprocessing"] = new { kind = "wordpiece", vocabulary = "words.txt" }));

        Assert.Contains("words.txt, which is not among", Assert.Throws<ModelException>(() => new TextEmbedder(catalog)).Message);
        Assert.Equal(RoleStatus.Unreadable, Assert.Single(catalog.Pack.Verify(null)).Status);
    }

    [Fact]
    public void A_damaged_vocabulary_is_a_wrong_checksum()
    {
        using var folder = new TempFolder();
        var pack = TinyText.WritePack(folder);
        File.AppendAllText(folder.At("vocab.txt"), "more\n");

        var check = Assert.Single(pack.Verify(null));

        Assert.Equal(RoleStatus.WrongChecksum, check.Status);
        Assert.Contains("vocab.txt", check.Sentence);
    }

    [Fact]
    public void A_model_without_token_inputs_is_no_text_embedder()
    {
        using var folder = new TempFolder();
        var check = Assert.Single(TinyModels.WritePack(folder, (ModelRoles.TextEmbedder, "frame_classifier.onnx")).Verify(null));

        Assert.Equal(RoleStatus.WrongShape, check.Status);
        Assert.Contains("input_ids and attention_mask", check.Sentence);
    }

    private static ModelCatalog Catalog(ModelPack pack) => new(pack, Runtime.Reason is null ? Runtime.Instance : null, Runtime.Reason, new(), TimeProvider.System);
}

using System.Text.Json;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Tests.Support;
using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.GpuWorkers.Tests.Text;

/// <summary>The ids in wordpiece.json come from the trainer's tokenizer, which is written apart from this one.</summary>
public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Small = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "the", "##s", "unaffable", "heart"];
    private static readonly JsonElement File =
        JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "screening", "wordpiece.json"))).RootElement;
    private static readonly WordPieceTokenizer Tokenizer = new(File.GetProperty("vocabulary").EnumerateArray().Select(piece => piece.GetString()!));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, File.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_text_has_the_ids_that_another_implementation_gives_it(int index)
    {
        var example = File.GetProperty("cases")[index];

        var ids = Tokenizer.Encode(example.GetProperty("text").GetString()!, example.GetProperty("max").GetInt32());

        Assert.Equal(example.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), ids);
    }

    [Theory]
    [InlineData("unaffable", new[] { 2, 9, 3 })]
    [InlineData("unaffables", new[] { 2, 9, 8, 3 })]
    [InlineData("unable UNABLE únàblé", new[] { 2, 4, 6, 4, 6, 4, 6, 3 })]
    [InlineData("unheart the", new[] { 2, 1, 7, 3 })]
    [InlineData("heartthe", new[] { 2, 1, 3 })]
    public void The_longest_piece_wins_and_a_word_without_a_full_match_is_unknown(string text, int[] expected)
    {
        Assert.Equal(expected, new WordPieceTokenizer(Small).Encode(text));
    }

    [Fact]
    public void A_text_never_has_more_tokens_than_asked_for_and_always_ends_with_the_separator()
    {
        var ids = new WordPieceTokenizer(Small).Encode(string.Concat(Enumerable.Repeat("unables ", 100_000)));

        Assert.Equal(512, ids.Length);
        Assert.Equal(3, ids[^1]);
        Assert.Equal([4, 6, 8, 4], ids[1..5]);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_left_out()
    {
        Assert.Equal([2, 10, 3], new WordPieceTokenizer(Small).Encode("he\ud83dart\udc00"));
    }

    [Fact]
    public void A_vocabulary_without_its_special_tokens_is_refused_with_the_one_that_is_missing()
    {
        using var folder = new TempFolder();
        System.IO.File.WriteAllLines(folder.At("vocab.txt"), Small.Except(["[SEP]"]));

        var error = Assert.Throws<ModelException>(() => WordPieceTokenizer.Load("text-embedder", folder.At("vocab.txt")));

        Assert.Contains("no [SEP]", error.Message);
        Assert.Contains("text-embedder", Assert.Throws<ModelException>(() => WordPieceTokenizer.Load("text-embedder", folder.At("nowhere.txt"))).Message);
    }
}

using MedGenCluster.Curation.Captioning;

namespace MedGenCluster.Curation.Tests.Captioning;

public sealed class CaptionPromptTests
{
    [Fact]
    public void Metadata_stands_where_the_paper_puts_it_and_is_not_expanded_again()
    {
        var prompt = CaptionPrompt.Detailed("a {Clip Transcript}", "b", "c");
        Assert.StartsWith("The provided images are sampled from a medical video clip (8 evenly spaced frames).", prompt);
        Assert.Contains("\n\nVideo Title: a {Clip Transcript} Video Description: b The transcript of this medical clip is as follows: c\n\nUsing the visual content", prompt);
        Assert.EndsWith("including any procedures, instruments, or clinical interactions shown.", prompt);
    }

    [Fact]
    public void The_hash_is_of_the_fixed_text_alone()
    {
        Assert.Equal(16, CaptionPrompt.Hash.Length);
        Assert.All(CaptionPrompt.Hash, digit => Assert.True(char.IsAsciiHexDigitLower(digit)));
    }
}

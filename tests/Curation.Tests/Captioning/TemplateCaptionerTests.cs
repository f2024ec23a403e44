using MedGenCluster.Curation.Captioning;

namespace MedGenCluster.Curation.Tests.Captioning;

public sealed class TemplateCaptionerTests
{
    [Fact]
    public async Task Says_what_is_known_and_nothing_else()
    {
        var caption = await Caption(new CaptionRequest("c", "Laparoscopic “appendectomy”", "Full video: https://example.org/x #surgery Narrated by the surgeon.", "Now we clip the artery.")
        {
            DurationSeconds = 8.2,
            Visuals = new VisualStatistics(Motion: 7, Brightness: 40, Colourfulness: 40),
        });

        Assert.Equal("An 8-second clip from a clinical practice video titled “Laparoscopic appendectomy”.", caption.Brief);
        Assert.Equal(
            caption.Brief + " During the clip the narration says: “Now we clip the artery”."
            + " The video is described as: “Full video: Narrated by the surgeon”."
            + " The picture is dark and colourful, with clear movement.", caption.Detailed);
        Assert.Equal(ClipCategory.ClinicalPractice, caption.Category);
        Assert.Equal("template-1", caption.Model);
    }

    [Fact]
    public async Task Says_so_where_nothing_is_known()
    {
        var caption = await Caption(new CaptionRequest("c", "", " ", ""));
        Assert.Equal("A short clip from a medical video.", caption.Brief);
        Assert.Equal("A short clip from a medical video. No narration and no description come with it.", caption.Detailed);
        Assert.Null(caption.Category);
    }

    [Fact]
    public async Task Long_texts_are_quoted_up_to_the_end_of_a_sentence_or_cut_at_a_word()
    {
        var sentences = string.Join(" ", Enumerable.Range(0, 20).Select(i => $"Sentence number {i} ends here."));
        Assert.Contains("“Sentence number 0 ends here. ", (await Caption(new CaptionRequest("c", "", "", sentences))).Detailed);
        Assert.Contains("Sentence number 7 ends here”.", (await Caption(new CaptionRequest("c", "", "", sentences))).Detailed);
        var words = string.Join(" ", Enumerable.Range(0, 100).Select(i => $"w{i}"));
        Assert.Contains(" w39 …”.", (await Caption(new CaptionRequest("c", "", "", words))).Detailed);
    }

    [Fact]
    public async Task The_same_clip_is_captioned_with_the_same_words()
    {
        var request = new CaptionRequest("c", "Anatomy lecture", "d", "t") { DurationSeconds = 6 };
        Assert.Equal(await Caption(request), await Caption(request));
    }

    [Fact]
    public async Task Does_not_ask_for_frames()
    {
        var captioner = new TemplateCaptioner();
        Assert.False(captioner.NeedsFrames);
        await Caption(new CaptionRequest("c", "t", "", "") { Frames = _ => throw new InvalidOperationException("asked") });
    }

    private static async Task<CaptionResult.Captioned> Caption(CaptionRequest request) =>
        Assert.IsType<CaptionResult.Captioned>(await new TemplateCaptioner().CaptionAsync(request, CancellationToken.None));
}

using MedGenCluster.Curation.Captioning;

namespace MedGenCluster.Curation.Tests.Captioning;

public sealed class CategoryRuleTests
{
    [Theory]
    [InlineData("Laparoscopic appendectomy: step by step", "Surgical technique", "", ClipCategory.ClinicalPractice)]
    [InlineData("Cardiac anatomy lecture for medical students", "", "", ClipCategory.Teaching)]
    [InlineData("How insulin works - 3D animation", "", "", ClipCategory.Animation)]
    [InlineData("Normal abdominal ultrasound", "", "", ClipCategory.Imaging)]
    [InlineData("Five warning signs of diabetes and how to prevent it", "", "", ClipCategory.PopularScience)]
    [InlineData("CT of the head", "", "", ClipCategory.Imaging)]
    public void The_title_tells(string title, string description, string transcript, ClipCategory expected) =>
        Assert.Equal(expected, CategoryRule.Classify(title, description, transcript));

    [Fact]
    public void Nothing_known_is_no_category() => Assert.Null(CategoryRule.Classify("Video 12", "", "hello everybody"));

    [Fact]
    public void Keywords_are_whole_words() => Assert.Null(CategoryRule.Classify("Octopus actors in a clinical", "", ""));

    [Fact]
    public void A_title_weighs_more_than_a_transcript_and_a_repeated_word_counts_once()
    {
        Assert.Equal(ClipCategory.Teaching, CategoryRule.Classify("Physiology lecture", "", "surgery surgery surgery surgery surgery surgery surgery"));
        Assert.Equal(ClipCategory.ClinicalPractice, CategoryRule.Classify("Day 3", "", "the incision, then a suture"));
    }

    [Fact]
    public void A_tie_goes_to_how_a_thing_is_shown() => Assert.Equal(ClipCategory.Animation, CategoryRule.Classify("Animated lecture", "", ""));

    [Theory]
    [InlineData(ClipCategory.ClinicalPractice, "clinical practice")]
    [InlineData(ClipCategory.PopularScience, "popular science")]
    [InlineData(ClipCategory.Imaging, "imaging")]
    public void Names_are_the_papers(ClipCategory category, string name) => Assert.Equal(name, category.Name());
}

using MedGenCluster.Curation.Prompts;

namespace MedGenCluster.Curation.Tests.Prompts;

/// <summary>The prompts of <c>models/prompts</c>: as many as the paper evaluates with, over its five categories.</summary>
public sealed class MedicalPromptsTests
{
    private static readonly string[] Categories = ["teaching", "clinical practice", "popular science", "animation", "imaging"];

    [Fact]
    public void There_are_forty_prompts_of_each_of_the_five_categories()
    {
        var list = PromptFile.Read(Path.Combine(AppContext.BaseDirectory, "prompts", "medical-200.jsonl"));

        Assert.Empty(list.Errors);
        Assert.Empty(list.Duplicates);
        Assert.Equal(200, list.Prompts.Count);
        Assert.All(Categories, category => Assert.Equal(40, list.Prompts.Count(prompt => prompt.Category == category)));
    }

    [Fact]
    public void No_two_prompts_begin_alike()
    {
        var prompts = PromptFile.Read(Path.Combine(AppContext.BaseDirectory, "prompts", "medical-200.jsonl")).Prompts;

        Assert.All(prompts, prompt => Assert.InRange(prompt.Text.Split(' ').Length, 8, 60));
        Assert.Equal(200, prompts.Select(prompt => string.Join(' ', prompt.Text.Split(' ').Take(6)).ToUpperInvariant()).Distinct().Count());
    }
}

using MedGenCluster.Client.Demo.Candidates;
using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Benchmarks.Keywords;

internal static class BenchRecipe
{
    /// <summary>2 % medical rows that name every term of the dictionary, 1 % that hold one of its exclusions.</summary>
    public static CandidateRecipe Of(KeywordDictionary dictionary, long rows) => new()
    {
        Seed = 3,
        Rows = rows,
        Terms = [.. dictionary.Terms.Select(term => term.Text)],
        HardNegatives = [.. dictionary.Exclusions.Select(phrase => phrase.Text)],
    };
}

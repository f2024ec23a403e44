using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Stages;

/// <summary>Which licences a job takes: asked before the fetch of what the listing tells, and after it of what the page tells.</summary>
internal static class LicenceRule
{
    private const string Score = "creativeCommons";

    public static readonly Verdict Rejection = Verdict.Reject("licence");

    /// <summary>1 for Creative Commons, 0 for another licence, nothing where none is stated.</summary>
    public static IEnumerable<(string Name, double Value)> Scores(string? licence) =>
        string.IsNullOrWhiteSpace(licence) ? [] : [(Score, Licences.IsCreativeCommons(licence) ? 1 : 0)];

    public static bool Refuses(IReadOnlyDictionary<string, double> scores, LicenceOptions options, bool unknownPasses) =>
        options.Only == LicencePolicy.CreativeCommons && (scores.TryGetValue(Score, out var cc) ? cc == 0 : !unknownPasses);
}

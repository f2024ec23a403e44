using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Stages;

/// <summary>Which licences a job takes: asked before the fetch of what the listing tells, and after it of what the page tells.</summary>
internal static class LicenceRule
{
    public const string Code = "licence";

    private const string Score = "creativeCommons";

    public static readonly Verdict Rejection = Verdict.Reject(Code);

    /// <summary>True where the options want another licence than this one, or than none that is known.</summary>
    public static bool IsUnwanted(string? licence, LicenceOptions options) =>
        options.Only == LicencePolicy.CreativeCommons && !Licences.IsCreativeCommons(licence);

    /// <summary>1 for Creative Commons, 0 for another licence, nothing where none is stated.</summary>
    public static IEnumerable<(string Name, double Value)> Scores(string? licence) =>
        string.IsNullOrWhiteSpace(licence) ? [] : [(Score, Licences.IsCreativeCommons(licence) ? 1 : 0)];

    public static bool Refuses(IReadOnlyDictionary<string, double> scores, LicenceOptions options, bool unknownPasses) =>
        options.Only == LicencePolicy.CreativeCommons && (scores.TryGetValue(Score, out var cc) ? cc == 0 : !unknownPasses);
}

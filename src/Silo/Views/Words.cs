using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Silo.Views;

/// <summary>Enumerations as the API writes them.</summary>
public static class Words
{
    public static string Of(ItemKind kind) => kind == ItemKind.Video ? "video" : "clip";

    public static string Of(JobState state) => state.ToString().ToLowerInvariant();

    public static string Of(Outcome outcome) => outcome == Outcome.AwaitingClips ? "awaiting-clips" : outcome.ToString().ToLowerInvariant();

    public static string Of(DecisionVerdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>An outcome by its word; null where there is none such.</summary>
    public static Outcome? ParseOutcome(string word) =>
        Enum.GetValues<Outcome>().Where(outcome => Of(outcome) == word).Select(outcome => (Outcome?)outcome).FirstOrDefault();

    /// <summary>A model version that came from a demonstration pack.</summary>
    public static bool IsDemo(string modelVersion) => modelVersion.Contains("@demo", StringComparison.Ordinal);
}

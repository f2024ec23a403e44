using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Client.Demo;

/// <summary>What became of one planted video, held against what should have.</summary>
/// <param name="Found">What the ledger says, in words.</param>
/// <param name="Right">True if it is what the truth expects.</param>
public sealed record DemoJudgement(PlantedVideo Planted, string Expected, string Found, bool Right);

/// <summary>Compares the ledger after a crawl of the demo channel with the channel's truth.</summary>
public static class DemoJudge
{
    /// <summary>Clips may lie outside their scene by the sampling interval, seconds.</summary>
    private const double Tolerance = 1.0;

    /// <param name="find">The ledger's video of a file name, or null.</param>
    /// <param name="clips">The clips of a video.</param>
    public static IReadOnlyList<DemoJudgement> Judge(
        DemoTruth truth, Func<PlantedVideo, LedgerItem?> find, Func<LedgerItem, IReadOnlyList<LedgerItem>> clips) =>
        [.. truth.Videos.Select(planted => Judge(planted, find(planted), clips))];

    private static DemoJudgement Judge(PlantedVideo planted, LedgerItem? video, Func<LedgerItem, IReadOnlyList<LedgerItem>> clipsOf)
    {
        var expected = Words(planted.Expected);
        if (video is null)
        {
            return new DemoJudgement(planted, expected, "not in the ledger", false);
        }

        var clips = clipsOf(video);
        return new DemoJudgement(planted, expected, Words(video, clips), IsRight(planted.Expected, video, clips));
    }

    private static bool IsRight(ExpectedOutcome expected, LedgerItem video, IReadOnlyList<LedgerItem> clips) => expected.Kind switch
    {
        OutcomeKind.Failed => video.State is { Outcome: Outcome.Failed, Reason.Length: > 0 },
        OutcomeKind.Rejected => video.State.Outcome == Outcome.Rejected
            ? video.State.Stage.Name() == expected.Stage
            : video.State.Outcome == Outcome.Done && clips.Count > 0 && clips.All(clip => clip.State.Outcome == Outcome.Rejected && clip.State.Stage.Name() == expected.Stage),
        OutcomeKind.Duplicate => clips.Count > 0 && clips.All(clip => clip.State.Outcome == Outcome.Accepted && clip.DuplicateOf is not null),
        _ => AllKept(expected, video, clips),
    };

    /// <summary>Every good scene is covered by accepted clips, and nothing else is accepted.</summary>
    private static bool AllKept(ExpectedOutcome expected, LedgerItem video, IReadOnlyList<LedgerItem> clips)
    {
        if (video.State.Outcome != Outcome.Done || clips.Any(clip => clip.State.Outcome != Outcome.Accepted || clip.DuplicateOf is not null))
        {
            return false;
        }

        var intervals = clips.Select(clip => EngineJson.Clip(clip.Facts).Interval).ToList();
        var inside = intervals.All(clip => expected.AcceptedScenes.Any(scene =>
            clip.StartSeconds >= scene.Start - Tolerance && clip.EndSeconds <= scene.End + Tolerance));
        var covered = expected.AcceptedScenes.All(scene => intervals
            .Where(clip => clip.StartSeconds >= scene.Start - Tolerance && clip.EndSeconds <= scene.End + Tolerance)
            .Sum(clip => clip.DurationSeconds) >= scene.End - scene.Start - (2 * Tolerance) - 1);
        return inside && covered;
    }

    private static string Words(ExpectedOutcome expected) => expected.Kind switch
    {
        OutcomeKind.Accepted => $"kept, {expected.AcceptedScenes.Count} scene{(expected.AcceptedScenes.Count == 1 ? "" : "s")}",
        OutcomeKind.Rejected => $"rejected by {expected.Stage}",
        OutcomeKind.Duplicate => "marked as duplicate",
        _ => "failed with a reason",
    };

    private static string Words(LedgerItem video, IReadOnlyList<LedgerItem> clips)
    {
        if (video.State.Outcome is Outcome.Rejected or Outcome.Failed)
        {
            return $"{(video.State.Outcome == Outcome.Rejected ? "rejected" : "failed")} by {video.State.Stage.Name()}: {video.State.Reason}";
        }

        var parts = clips.GroupBy(clip => clip.DuplicateOf is not null
                ? "duplicate"
                : clip.State.Outcome == Outcome.Rejected ? $"rejected by {clip.State.Stage.Name()} ({clip.State.Reason})"
                : clip.State.Outcome == Outcome.Failed ? $"failed by {clip.State.Stage.Name()} ({clip.State.Reason})"
                : clip.State.Outcome.ToString().ToLowerInvariant())
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}");
        return clips.Count == 0 ? video.State.Outcome.ToString().ToLowerInvariant() : string.Join(", ", parts);
    }
}

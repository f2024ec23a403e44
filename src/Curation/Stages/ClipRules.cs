using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages.Aesthetics;
using MedGenCluster.Curation.Stages.Borders;
using MedGenCluster.Curation.Stages.Joint;
using MedGenCluster.Curation.Stages.Subtitles;
using MedGenCluster.Curation.Stages.TechnicalQuality;

namespace MedGenCluster.Curation.Stages;

/// <summary>Decides a clip from its features alone: the state that a replay of its measurements reaches (see <see cref="Replay.Clip"/>), without opening one.</summary>
public static class ClipRules
{
    /// <returns>The outcome, and the stage that is to be run or at which the clip ended.</returns>
    public static (Outcome Outcome, StageId Stage) Decide(StageOrder order, in ClipFeatures features, CurationOptions options)
    {
        var stages = order.Stages;
        var last = order.First;
        for (var i = 0; i < stages.Count; i++)
        {
            last = stages[i];
            if (!features.Has(last))
            {
                return (Outcome.Active, last);
            }

            if (Rejects(last, features, options))
            {
                return (Outcome.Rejected, last);
            }
        }

        return (Outcome.Accepted, last);
    }

    /// <summary>The rule of a stage that has measured; what it did not measure rejects nothing.</summary>
    public static bool Rejects(StageId stage, in ClipFeatures features, CurationOptions options) => stage switch
    {
        StageId.Caption => features.Refused == true,
        StageId.Borders => features.Border is { } border && BordersStage.Rejects(border, options.Borders),
        StageId.Subtitles => features.Words is { } words && SubtitlesStage.Rejects(words, options.Subtitles),
        StageId.Aesthetics => features.Aesthetic is { } aesthetic && AestheticsStage.Rejects(aesthetic, options.Aesthetics),
        StageId.TechnicalQuality => features.Technical(options.TechnicalQuality.Fusion) is { } overall && TechnicalQualityStage.Rejects(overall, options.TechnicalQuality),
        StageId.Joint => features.Technical(options.TechnicalQuality.Fusion) is { } overall && features.Aesthetic is { } aesthetic && JointStage.Rejects(overall, aesthetic, options.Joint),
        _ => false,
    };
}

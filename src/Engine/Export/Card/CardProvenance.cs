using System.Globalization;
using System.Text;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>The card's account of how the dataset was made: the rules with their numbers, the models, the thresholds and the funnel.</summary>
internal static class CardProvenance
{
    public static void Write(StringBuilder card, CardData data)
    {
        card.Line("## How it was made").Line();
        card.Line("The method is that of MedVideoCap-55K (arXiv 2507.05675): find medical videos, cut them into clips, caption the clips and keep those");
        card.Line("that pass every filter.").Line();
        if (data.Options is { } options)
        {
            foreach (var (rule, i) in Rules(options).Select((rule, i) => (rule, i)))
                card.Line($"{i + 1}. {rule}");
            card.Line();
        }

        Models(card, data);
        Thresholds(card, data);
        Funnel(card, data);
    }

    private static IEnumerable<string> Rules(CurationOptions o)
    {
        yield return Text($"**Videos.** Kept if the short side has at least {o.Probe.MinShortSide} pixels and the video lasts at least {o.Probe.MinDurationSeconds} s.");
        yield return Text($"**Clips.** One frame a second; a clip is a run of at least {o.Segment.MinSeconds} s in which every frame is medical (probability {o.Segment.MinMedicalProbability} or more) and neighbouring frames have a CLIP similarity above {o.Segment.Tau}.")
            + (o.Segment.MaxSeconds > 0 ? Text($" Runs over {o.Segment.MaxSeconds} s are split into equal parts.") : "");
        yield return o.Cut.KeepResolution
            ? Text($"**Cutting.** Re-encoded at the source's resolution (x264, CRF {o.Cut.Crf}).")
            : Text($"**Cutting.** Re-encoded to {o.Cut.Width}x{o.Cut.Height} (x264, CRF {o.Cut.Crf}).");
        yield return "**Captions.** A captioner sees sampled frames, the title, the description and the transcript of the clip, and writes a brief and a detailed caption."
            + (o.Order == StageOrderKind.Paper ? " All clips are captioned, then filtered." : " Only clips that pass the filters are captioned; the accepted set is the same.");
        yield return Text($"**Borders.** Removed if a bar of at least {o.Borders.MinThickness} pixels stays along a side.");
        yield return Text($"**Subtitles.** Removed if more than {o.Subtitles.MaxWords} words are read over five frames (confidence {o.Subtitles.MinConfidence} or more).");
        yield return Text($"**Aesthetics.** Removed if the LAION score is below {o.Aesthetics.MinScore}.");
        yield return Text($"**Technical quality.** Removed if the DOVER score is {(o.TechnicalQuality.Direction == ScoreDirection.RejectLow ? "at or below" : "above")} {o.TechnicalQuality.Threshold}.");
        yield return Text($"**Joint rule.** Removed if the DOVER score is {(o.Joint.Direction == ScoreDirection.RejectLow ? "below" : "above")} {o.Joint.MaxTechnical} and the LAION score below {o.Joint.MaxAesthetic}.");
        yield return Text($"**Duplicates.** Of clips whose perceptual hashes differ by {o.Duplicates.MaxDistance} bits or fewer on average, one is kept.");
    }

    private static void Models(StringBuilder card, CardData data)
    {
        var models = data.Clips.SelectMany(c => c.ModelVersions.Append(new("captions", c.CaptionModel)))
            .Where(m => m.Value.Length > 0).GroupBy(m => (m.Key, m.Value))
            .OrderBy(g => g.Key.Key, StringComparer.Ordinal).ThenBy(g => g.Key.Value, StringComparer.Ordinal).ToList();
        if (models.Count == 0)
            return;
        card.Line("| stage | model | clips |").Line("|---|---|---:|");
        foreach (var model in models)
            card.Line($"| {Markdown.Literal(model.Key.Key)} | {Markdown.Literal(model.Key.Value)} | {Numbers.Count(model.Count())} |");
        card.Line();
    }

    private static void Thresholds(StringBuilder card, CardData data)
    {
        if (data.Summary.Thresholds.Count == 0)
            return;
        card.Line("| score | threshold | rule |").Line("|---|---:|---|");
        foreach (var threshold in data.Summary.Thresholds)
            card.Line($"| {Markdown.Code(threshold.Score)} | {Numbers.Short(threshold.Value)} | {Markdown.Literal(threshold.Rule)} |");
        card.Line();
    }

    private static void Funnel(StringBuilder card, CardData data)
    {
        card.Line("### Funnel").Line();
        card.Line($"![What each stage removed and what remained]({ExportLayout.Plots}/{CardPlots.Funnel})").Line();
        card.Line("| stage | in | removed | remaining | reasons |").Line("|---|---:|---:|---:|---|");
        foreach (var row in data.Funnel.Rows)
        {
            var reasons = row.RemovedByReason.Where(r => r.Value > 0).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)
                .Select(r => $"{Markdown.Literal(r.Key)} {Numbers.Count(r.Value)}").ToList();
            if (row.Unfinished > 0)
                reasons.Add($"failed or under way {Numbers.Count(row.Unfinished)}");
            card.Line($"| {Markdown.Literal(row.Stage)} | {Numbers.Count(row.In)} {Markdown.Literal(row.Unit)} | {Numbers.Count(row.Removed)} | {Numbers.Count(row.Remaining)} | {string.Join(", ", reasons)} |");
        }

        card.Line().Line($"Rejected clips: {Numbers.Count(data.Summary.Rejected)}; near duplicates: {Numbers.Count(data.Summary.Duplicates)}.").Line();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

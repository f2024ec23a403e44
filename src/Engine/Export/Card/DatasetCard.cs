using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>The README.md of an export: a dataset card with front matter as Hugging Face reads it.</summary>
internal static class DatasetCard
{
    public static string Write(CardData data, IReadOnlyList<CardPlot> plots, IReadOnlyList<string> scoreColumns)
    {
        var card = new StringBuilder();
        FrontMatter(card, data);
        What(card, data);
        CardProvenance.Write(card, data);
        CardTables.Statistics(card, data);
        Plots(card, plots);
        CardTables.Fields(card, data, scoreColumns);
        CardTables.Licences(card, data);
        Limits(card, data);
        return card.ToString();
    }

    private static void FrontMatter(StringBuilder card, CardData data)
    {
        card.Line("---").Line("license:");
        var licences = Licences.CardIds(data.Licences.Keys);
        foreach (var id in licences)
            card.Line($"- {id}");
        if (licences.Contains("other"))
            card.Line("license_name: licences-of-the-sources").Line("license_link: README.md");
        card.Line($"pretty_name: {Markdown.Yaml(data.DatasetName)}");
        card.Line("language:").Line("- en").Line("task_categories:").Line("- text-to-video");
        card.Line("size_categories:").Line($"- {SizeCategory(data.Clips.Count)}");
        card.Line("tags:").Line("- medical").Line("- video").Line("- video-captions");
        if (data.Formats.HasFlag(ExportFormats.WebDataset))
            card.Line("- webdataset");
        if (data.Clips.Any(c => c.Demo))
            card.Line("- demo");
        if (data.Clips.Count > 0 && (data.Formats & (ExportFormats.VideoFolder | ExportFormats.WebDataset)) != 0)
        {
            card.Line("configs:").Line("- config_name: default").Line("  data_files:").Line("  - split: train").Line("    path:");
            if (data.Formats.HasFlag(ExportFormats.VideoFolder))
                card.Line($"    - {ExportLayout.Metadata}").Line($"    - {ExportLayout.Videos}/*.mp4");
            else
                card.Line($"    - {ExportLayout.Shards}/*.tar");
        }

        card.Line("---").Line();
    }

    private static void What(StringBuilder card, CardData data)
    {
        card.Line($"# {Markdown.Literal(data.DatasetName)}").Line();
        var demo = data.Clips.Count(c => c.Demo);
        if (demo > 0)
        {
            card.Line($"> **Demo models took part.** {Numbers.Count(demo)} of {Numbers.Count(data.Clips.Count)} clips were judged or captioned by the small models of a demo");
            card.Line("> pack. They show that the pipeline runs from end to end. Their scores and captions say nothing about real footage and must not be");
            card.Line("> used to train or to compare.").Line();
        }

        var hours = (data.Durations.Sum() / 3600).ToString("0.##", CultureInfo.InvariantCulture);
        var videos = data.Clips.Select(c => c.VideoId).Distinct().Count();
        card.Line($"{Numbers.Count(data.Clips.Count, "captioned medical video clips")}, {hours} hours in all, cut from {Numbers.Count(videos, "source videos")}.");
        card.Line("Each clip carries a brief and a detailed caption, the scores of every filter that it passed, and where it comes from.").Line();
        card.Line("| path | content |").Line("|---|---|");
        if (data.Formats.HasFlag(ExportFormats.VideoFolder))
            card.Line($"| `{ExportLayout.Metadata}` | one JSON object for each clip, by clip id |");
        if ((data.Formats & (ExportFormats.VideoFolder | ExportFormats.FastVideo)) != 0)
            card.Line($"| `{ExportLayout.Videos}/` | the clips as MP4 |");
        if (data.Formats.HasFlag(ExportFormats.WebDataset))
            card.Line($"| `{ExportLayout.Shards}/` | {Numbers.Count(data.Report.Shards, "tar shards")}: `<clip id>.mp4`, `.json` (the metadata) and `.txt` (the detailed caption) |");
        if (data.Report.Trainer is { } trainer)
        {
            card.Line($"| `{ExportLayout.TrainerList}`, `{ExportLayout.TrainerMerge}` | {Numbers.Count(trainer.Listed, "clips")} as input of FastVideo's preprocessing, to be run from this folder |");
            card.Line($"| `{ExportLayout.TrainerChecks}` | the trainer's limits, and which clips are outside of them and why ({Numbers.Count(trainer.LeftOut.Count)}) |");
        }

        card.Line($"| `{ExportLayout.Report}` | clips that were accepted but could not be exported, with the reason |");
        card.Line($"| `{ExportLayout.Checksums}` | SHA-256 of every file; check with `sha256sum -c {ExportLayout.Checksums}` |").Line();
    }

    private static void Plots(StringBuilder card, IReadOnlyList<CardPlot> plots)
    {
        card.Line("## Plots").Line();
        foreach (var plot in plots.Where(p => p.File != CardPlots.Funnel))
            card.Line($"![{Markdown.Literal(plot.Caption)}]({ExportLayout.Plots}/{plot.File})").Line();
    }

    private static void Limits(StringBuilder card, CardData data)
    {
        card.Line("## Limits").Line();
        card.Line("- Captions are written by a model from sampled frames, the title and the transcript. They can be wrong, and a wrong finding reads as");
        card.Line("  confidently as a right one.");
        card.Line("- Nobody with medical training has checked every clip. The dataset is for research on video generation and is unfit for diagnosis,");
        card.Line("  treatment or the teaching of either.");
        card.Line("- The clips come from those who publish videos, so subjects, languages, devices and people are theirs and not a");
        card.Line("  sample of medicine.");
        card.Line("- Faces, voices and burned-in text of patients are not searched for. Whoever passes the clips on answers for them.");
        card.Line("- Filters are statistical: some clips with text, borders or poor pictures remain, and some good clips are gone.");
        if (data.Report.LeftOut.Count > 0)
            card.Line($"- Accepted clips that are missing from this export: {Numbers.Count(data.Report.LeftOut.Count)}, see `{ExportLayout.Report}`.");
    }

    private static string SizeCategory(int clips) => clips switch
    {
        < 1_000 => "n<1K",
        < 10_000 => "1K<n<10K",
        < 100_000 => "10K<n<100K",
        < 1_000_000 => "100K<n<1M",
        _ => "1M<n<10M",
    };
}

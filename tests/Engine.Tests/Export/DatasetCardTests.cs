using System.Xml.Linq;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Export;
using MedGenCluster.Engine.Export.Card;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class DatasetCardTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public async Task Front_matter_is_what_the_hub_reads()
    {
        await _at.ExportAsync([_at.Clip(1), _at.Clip(2) with { Licence = null }]);
        var front = _at.Read(ExportLayout.Card).Split("---\n")[1];

        Assert.Contains("license:\n- cc-by-3.0\n- other\n", front);
        Assert.Contains("task_categories:\n- text-to-video\n", front);
        Assert.Contains("size_categories:\n- n<1K\n", front);
        Assert.Contains("    - metadata.jsonl\n    - videos/*.mp4\n", front);
        Assert.Contains("pretty_name: \"Test dataset\"\n", front);
    }

    [Fact]
    public async Task Card_tells_rules_funnel_statistics_fields_and_licences()
    {
        await _at.ExportAsync(_at.Clips(4), summary: new()
        {
            Funnel = new([new("aesthetics", "clips", 10, new Dictionary<string, long> { ["aesthetic-below-minimum"] = 5 }, 4)]),
            Rejected = 5,
            Duplicates = 2,
            Options = new CurationOptions { Segment = new() { Tau = 0.77 } },
            Thresholds = [new("aesthetics.score", 3, "below is removed")],
        });
        var card = _at.Read(ExportLayout.Card);

        Assert.Contains("CLIP similarity above 0.77", card);
        Assert.Contains("| aesthetics | 10 clips | 5 | 4 | aesthetic-below-minimum 5, failed or under way 1 |", card);
        Assert.Contains("Rejected clips: 5; near duplicates: 2.", card);
        Assert.Contains("| duration (s) | 4 | 8 | 0 | 8 | 8 | 8 | 8 | 8 |", card);
        Assert.Contains("| words, brief caption | 4 | 5 |", card);
        Assert.Contains("| `aesthetics.score` | 4 | 4.25 | 0.1118 | 4.1 | 4.175 | 4.25 | 4.325 | 4.4 |", card);
        Assert.Contains("| teaching | 2 | 50.0 % |", card);
        Assert.Contains("| `caption_binding` |", card);
        Assert.Contains("| Creative Commons Attribution license (reuse allowed) | 4 | 100.0 % |", card);
        Assert.Contains("arXiv 2507.05675", card);
        Assert.DoesNotContain(_at.Root, card);
    }

    [Fact]
    public async Task Fields_of_the_card_are_the_fields_of_the_metadata()
    {
        await _at.ExportAsync(_at.Clips(1));
        var fields = _at.Metadata()[0].EnumerateObject().Select(p => p.Name).ToArray();
        var section = _at.Read(ExportLayout.Card).Split("## Fields of metadata.jsonl")[1].Split("## ")[0];

        Assert.Equal(fields, section.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Demo_models_are_named_where_they_took_part(bool demo)
    {
        await _at.ExportAsync([_at.Clip(1) with { Demo = demo }, _at.Clip(2)]);
        var card = _at.Read(ExportLayout.Card);

        Assert.Equal(demo, card.Contains("> **Demo models took part.** 1 of 2 clips", StringComparison.Ordinal));
        Assert.Equal(demo, card.Contains("- demo\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_plot_of_the_card_exists_and_is_xml()
    {
        await _at.ExportAsync(_at.Clips(4), summary: new() { Thresholds = [new("aesthetics.score", 3, "below is removed")] });
        var plots = _at.Read(ExportLayout.Card).Split("](").Skip(1).Select(s => s[..s.IndexOf(')')]).ToArray();

        Assert.Equal(["categories", "caption-words-brief", "caption-words-detailed", "durations", "funnel", "score-aesthetics-score", "score-technical-quality-overall"],
            plots.Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal).OrderBy(p => p == "categories" ? 0 : 1));
        Assert.All(plots, p => Assert.Equal("svg", XDocument.Parse(_at.Read(p)).Root!.Name.LocalName));
        Assert.Contains("3: below is removed", _at.Read("plots/score-aesthetics-score.svg"));
    }

    [Fact]
    public async Task Refusals_of_the_export_end_the_funnel()
    {
        await _at.ExportAsync([_at.Clip(1), _at.Clip(2) with { Binding = null }]);

        Assert.Contains("| export | 2 clips | 1 | 1 | no-caption 1 |", _at.Read(ExportLayout.Card));
        Assert.Contains("Accepted clips that are missing from this export: 1", _at.Read(ExportLayout.Card));
    }

    [Fact]
    public async Task Hostile_text_acts_neither_in_the_card_nor_in_the_plots()
    {
        const string hostile = "</td><script>alert(1)</script> | [x](javascript:1) ![i](http://e) `c`\n# h\r---\n";
        var clip = _at.Clip(1) with { Category = hostile, Licence = hostile };
        clip.Scores[hostile] = 1;
        clip.ModelVersions["stage"] = hostile;
        await new DatasetExporter(ExportWorkspace.Files).ExportAsync(
            new Source([clip], new() { Thresholds = [new(hostile, 1, hostile)] }) { DatasetName = "\"\nlicense: mit\n" + hostile }, _at.Options(), null, default);
        var card = _at.Read(ExportLayout.Card);

        Assert.DoesNotContain("\n# h", card);
        Assert.DoesNotContain("\nlicense: mit", card);
        var outsideCode = string.Concat(card.Split("---\n", 3)[2].Split('`').Where((_, i) => i % 2 == 0));
        Assert.DoesNotContain("<script", outsideCode);
        Assert.DoesNotContain("](javascript", outsideCode.Replace("\\]", ""));
        var rows = card.Split('\n').Where(l => l.Contains("alert", StringComparison.Ordinal) && l.StartsWith('|')).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.EndsWith("|", row));
        foreach (var file in Directory.GetFiles(Path.Combine(_at.Target, "plots")))
        {
            var svg = XDocument.Load(file);
            Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        }
    }

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("<b>&", "&lt;b&gt;&amp;")]
    [InlineData("line\r\nbreak\u2028", "line  break")]
    [InlineData("plain words (1.5 s)", "plain words (1.5 s)")]
    [InlineData("- item", "\\- item")]
    [InlineData("www.example.org", "www\\.example.org")]
    [InlineData(null, "")]
    public void Literal_text_stays_literal(string? text, string expected) => Assert.Equal(expected, Markdown.Literal(text));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("half \ufffd", Markdown.Literal("half \ud83d"));

    [Fact]
    public void Long_text_is_shortened_between_characters() => Assert.Equal("😀😀…", Markdown.Literal("😀😀😀", most: 2));
}

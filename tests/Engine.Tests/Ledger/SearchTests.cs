using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>The same words find the same clips in every database.</summary>
public sealed class SearchTests
{
    private static readonly string[] Captions =
    [
        "A beating heart, seen by ultrasound.", "The œsophagus and the naïve Façade of an X-ray-like image", "Ménière's disease: 3.5 mm; COVID-19 (2021)", "ray x", "ÅNGSTRÖM straße ІІІ 心臓 heartbeat",
        "it's 'quoted' \"twice\" & <b>bold</b> :* ! | (a) \\ back\0slash \uD800 half", "e-mail surgeon@clinic.example https://clinic.example/x?y=1",
    ];

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Words_find_the_captions_that_hold_them_all_as_beginnings(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var clips = await CaptionedAsync(bench);

        (string Text, int[] Found)[] searches =
        [
            ("heart", [0, 4]), ("HEART beat", [0]), ("hearts", []), ("eart", []), ("naive facade", [1]), ("NAÏVE", [1]), ("meniere", [2]), ("angstrom", [4]), ("x-ray", [1]), ("ray-x", [3]), ("ray x", [1, 3]),
            ("3.5", [2]), ("covid-19", [2]), ("covid 20", [2]), ("mm;", [2]), ("心", [4]), ("it's", [5]), ("\"twice", [5]), ("bold slash", [5]), ("surgeon@clinic", [6]), ("https://clinic.example/x", [6]), ("clinic surgeon", [6]),
            ("", []), ("  ", []), ("* & | ! ' \\", []), ("a' | 'b", [0, 5]), ("heart & (", [0, 4]),
        ];
        Assert.Equal(
            searches.Select(search => $"'{search.Text}' finds {string.Join(", ", search.Found)}"),
            searches.Select(search => $"'{search.Text}' finds {string.Join(", ", bench.Ledger.SearchCaptions(search.Text).Select(seq => clips.IndexOf(seq)))}"));
    }

    /// <summary>Numbers of clips with the captions.</summary>
    private static async Task<List<long>> CaptionedAsync(LedgerBench bench)
    {
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: Captions.Length);
        await bench.PassAsync(StageId.Cut, job.Id);
        var clips = await bench.LeaseAsync(StageId.Caption, job.Id);
        await bench.Ledger.CompleteAsync([.. clips.Select((clip, i) => LedgerBench.Passed(clip) with { SearchText = Captions[i] })], "me");
        return [.. clips.Select(clip => clip.Item.Seq)];
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Text_that_is_no_text_is_stored_all_the_same(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var video = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id));

        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(video, "bad \uDC00 byte\0s")], "me");

        Assert.StartsWith("bad ", (await bench.Ledger.FindAsync(video.Item.Id))!.State.Reason);
        Assert.Null(await bench.Ledger.FindAsync("v\0"));
    }
}

using System.Text;
using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class JsonRowsTests
{
    [Fact]
    public void A_hit_carries_every_field_of_its_row()
    {
        const string Row = """
            {"id":"a1","title":"Heart failure","description":"line one\nwith \"quotes\" and caf\u00e9","tags":["x-ray","caf\u00e9"],"webpage_url":"https://v.example/a1","path":"a/b.mp4","channel":"Ward 7","channel_id":"UC1","channel_url":"https://v.example/c","uploader":"U","license":"CC","upload_date":"20240131","duration":61.5,"live_status":"not_live","extra":{"title":[1,{"id":null}]}}
            """;

        var hit = Assert.Single(ScanLab.Read(Row).Hits);

        Assert.Equal("Title:heart failure Title:heart Tags:x ray", hit.Terms);
        Assert.Equal((1L, Row), (hit.Line, hit.Raw));
        Assert.Equal(("a1", "Heart failure", "line one\nwith \"quotes\" and café"), (hit.Row.Id, hit.Row.Title, hit.Row.Description));
        Assert.Equal(["x-ray", "café"], hit.Row.Tags);
        Assert.Equal(("https://v.example/a1", "a/b.mp4", "Ward 7", "UC1", "https://v.example/c"), (hit.Row.Url, hit.Row.Path, hit.Row.Channel, hit.Row.ChannelId, hit.Row.ChannelUrl));
        Assert.Equal(("U", "CC", "20240131", 61.5, "not_live"), (hit.Row.Uploader, hit.Row.License, hit.Row.UploadDate, hit.Row.DurationSeconds, hit.Row.LiveStatus));
        Assert.Null(hit.Row.Label);
    }

    [Fact]
    public void Bad_rows_are_counted_by_kind_and_line_and_cost_no_other_row()
    {
        byte[] file =
        [
            .. "{\"id\":\"1\",\"title\":\"heart\"}\n"u8, .. "{\"id\":\"2\",\"title\":\"heart\"\n\n"u8, .. "{\"id\":\"3\",\"title\":\"heart \xFF\"}\n"u8[..^4], 0xFF, .. "\"}\n"u8,
            .. "{\"id\":\"5\",\"description\":\"no title: an x-ray\"}\r\n"u8, .. "{\"id\":\"6\",\"channel\":\"heart\"}\n[]\n"u8, .. "{\"title\":\"heart\"}\n"u8, .. "{\"id\":\"9\",\"title\":\"heart\"}"u8,
        ];

        var lab = ScanLab.Read(file);

        Assert.Equal([1L, 5, 9], lab.Hits.Select(hit => hit.Line));
        Assert.Equal([(RowTrouble.MalformedJson, 2), (RowTrouble.BrokenUtf8, 4), (RowTrouble.MissingFields, 6), (RowTrouble.MalformedJson, 7), (RowTrouble.MissingFields, 8)], lab.Troubles);
        Assert.Equal(8, lab.Count);
    }
}

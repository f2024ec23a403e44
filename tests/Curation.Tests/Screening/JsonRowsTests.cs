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
            .. "{\"id\":\"1\",\"title\":\"heart\"}\n"u8, .. "{\"id\":\"2\",\"title\":\"heart\"\n\n"u8, .. "{\"id\":\"3\",\"title\":\"heart "u8, 0xFF, .. "\"}\n"u8,
            .. "{\"id\":\"5\",\"description\":\"no title: an x-ray\"}\r\n"u8, .. "{\"id\":\"6\",\"channel\":\"heart\"}\n[]\n"u8, .. "{\"title\":\"heart\"}\n"u8, .. "{\"id\":\"9\",\"title\":\"heart\"}"u8,
        ];

        var lab = ScanLab.Read(file);

        Assert.Equal([1L, 5, 9], lab.Hits.Select(hit => hit.Line));
        Assert.Equal([(RowTrouble.MalformedJson, 2), (RowTrouble.BrokenUtf8, 4), (RowTrouble.MissingFields, 6), (RowTrouble.MalformedJson, 7), (RowTrouble.MissingFields, 8)], lab.Troubles);
        Assert.Equal(8, lab.Count);
    }

    [Fact]
    public void Line_ends_of_either_kind_end_rows_and_belong_to_none()
    {
        var lab = ScanLab.Read("{\"id\":\"1\",\"title\":\"heart\"}\r\n\r\n{\"id\":\"2\",\"title\":\"heart\"}\n{\"id\":\"3\",\"title\":\"heart\"} \n{\"id\":\"4\",\"title\":\"heart\"}x\n");

        Assert.Equal([(1L, "{\"id\":\"1\",\"title\":\"heart\"}"), (3, "{\"id\":\"2\",\"title\":\"heart\"}"), (4, "{\"id\":\"3\",\"title\":\"heart\"} ")], lab.Hits.Select(hit => (hit.Line, hit.Raw)));
        Assert.Equal([(RowTrouble.MalformedJson, 5)], lab.Troubles);
    }

    [Fact]
    public void The_last_of_several_titles_counts()
    {
        var lab = ScanLab.Read("""
            {"id":"1","title":"heart","title":"nothing"}
            {"id":"2","title":"nothing","t\u0069tle":"heart"}
            {"id":"3","title":"nothing","title":"heart","title":null,"description":"x"}
            """);

        Assert.Equal("heart", Assert.Single(lab.Hits).Row.Title);
    }

    [Fact]
    public void Keys_are_read_of_every_usable_row()
    {
        var lab = ScanLab.Read(
            """
            {"id":"1","title":"heart","channel":"C","channel_id":"UC1","truth":"medical"}
            {"id":"2","title":"nothing","channel":"Caf\u00e9","uploader":"U","truth":0}
            {"id":"3","title":"nothing"}
            {"title":"nothing"}
            """,
            options: new CandidateScannerOptions { LabelColumn = "truth", ReadKeys = true });

        Assert.Equal([(1L, "1", "UC1", "medical", true), (2L, "2", "Caf\u00e9", "0", false), (3L, "3", "", "", false)], lab.Rows);
        Assert.Equal("medical", Assert.Single(lab.Hits).Row.Label);
    }

    [Fact]
    public void The_label_may_be_the_name_of_another_field()
    {
        var lab = ScanLab.Read("""{"id":"1","title":"heart","license":"CC"}""", options: new CandidateScannerOptions { LabelColumn = "license" });

        Assert.Equal(("CC", "CC"), (lab.Hits[0].Row.Label, lab.Hits[0].Row.License));
    }

    [Fact]
    public void Numbers_and_objects_among_the_tags_are_no_tags()
    {
        var hit = Assert.Single(ScanLab.Read("""{"id":7,"title":"t","tags":[1,"heart",{"heart failure":"heart failure"},"b"],"duration":"90"}""").Hits);

        Assert.Equal("Tags:heart", hit.Terms);
        Assert.Equal(["heart", "b"], hit.Row.Tags);
        Assert.Equal(("7", 90.0), (hit.Row.Id, hit.Row.DurationSeconds));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_replacement_character()
    {
        Assert.Equal("heart \uFFFD!", Assert.Single(ScanLab.Read("""{"id":"1","title":"heart \ud83d!"}""").Hits).Row.Title);
    }
}

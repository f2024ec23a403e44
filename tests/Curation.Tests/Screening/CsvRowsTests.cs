using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class CsvRowsTests
{
    [Fact]
    public void A_byte_order_mark_quoted_line_ends_and_doubled_quotes_are_read()
    {
        var lab = ScanLab.Read("\uFEFFid,title,description,tags,duration\r\n1,\"The \"\"heart\"\"\",\"line one\r\nan x-ray\",a;b c,12\r\n\r\n2,nothing,,,\r\n3,heart,,,", CandidateFormat.Csv);

        Assert.Equal([2L, 6], lab.Hits.Select(hit => hit.Line));
        var row = lab.Hits[0].Row;
        Assert.Equal(("1", "The \"heart\"", "line one\r\nan x-ray", 12.0), (row.Id, row.Title, row.Description, row.DurationSeconds));
        Assert.Equal(["a", "b c"], row.Tags);
        Assert.Equal("Title:heart Description:x ray", lab.Hits[0].Terms);
        Assert.Equal(3, lab.Count);
        Assert.Empty(lab.Troubles);
    }

    [Fact]
    public void An_inch_sign_inside_a_field_is_itself()
    {
        var lab = ScanLab.Read("id\ttitle\n1\ta 5\" heart\n2\t\"heart\tof\tgold\"\n", CandidateFormat.Tsv);

        Assert.Equal("a 5\" heart", Assert.Single(lab.Hits).Row.Title);
        Assert.Equal(2, lab.Count);
    }

    [Fact]
    public void Rows_of_the_wrong_width_or_with_text_behind_a_quote_are_malformed()
    {
        var lab = ScanLab.Read("id,title\n1\n2,heart,more\n3,\"heart\" x\n4,heart\n", CandidateFormat.Csv);

        Assert.Equal([(RowTrouble.MalformedCsv, 2), (RowTrouble.MalformedCsv, 3), (RowTrouble.MalformedCsv, 4)], lab.Troubles);
        Assert.Equal(5, Assert.Single(lab.Hits).Line);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_cost_their_row()
    {
        var lab = ScanLab.Read([.. "id,title\n1,heart "u8, 0xFF, .. "\n2,heart\n"u8], new CandidateBlockOptions { Format = CandidateFormat.Csv });

        Assert.Equal([(RowTrouble.BrokenUtf8, 2)], lab.Troubles);
        Assert.Equal("2", Assert.Single(lab.Hits).Row.Id);
    }

    [Theory]
    [InlineData("id\ttitle\n1\theart\n", CandidateFormat.Tsv)]
    [InlineData("id,title\n1,heart\n", CandidateFormat.Csv)]
    [InlineData(" {\"id\":\"1\",\"title\":\"heart\"}\n", CandidateFormat.Ndjson)]
    public void The_format_shows_in_the_first_line(string text, CandidateFormat format)
    {
        using var reader = CandidateBlocks.Of(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(format, reader.Format);
        Assert.Single(ScanLab.Read(reader).Hits);
    }
}

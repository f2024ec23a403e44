using System.IO.Compression;
using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class CandidateBlocksTests : IDisposable
{
    private static readonly CandidateBlockOptions Small = new() { BlockBytes = 4096, MaxRowBytes = 16384 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["rows.ndjson", "rows.csv", "rows.tsv", "rows.ndjson.gz", "rows.csv.gz"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Blocks_join_to_the_whole_file_and_every_end_is_a_checkpoint(string name)
    {
        var path = Write(name, Rows(name, 300));
        var blocks = Read(path, default);

        Assert.True(blocks.Count > 5);
        Assert.Equal(blocks.Skip(1).Select(block => block.Start), blocks.SkipLast(1).Select(block => block.End));
        foreach (var index in new[] { 0, 1, 3, blocks.Count - 1 })
        {
            Assert.Equal(blocks.Skip(index + 1), Read(path, blocks[index].End));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_size_of_blocks_changes_no_row_and_no_line_number(string name)
    {
        var path = Write(name, Rows(name, 300));

        var few = Scan(path, new CandidateBlockOptions());
        var many = Scan(path, Small);

        Assert.Equal(300, few.Count);
        Assert.Equal(few.Hits.Select(hit => (hit.Line, hit.Row.Id, hit.Raw)), many.Hits.Select(hit => (hit.Line, hit.Row.Id, hit.Raw)));
        Assert.Equal(150, many.Hits.Count);
    }

    [Fact]
    public void A_row_beyond_the_limit_is_too_long_and_one_at_the_limit_is_none()
    {
        var lab = Scan(Write("rows.ndjson", $"{Sized("a", 16384)}\n{Sized("b", 16385)}\n{Sized("c", 100_000)}\n{Sized("d", 300)}"), Small);

        Assert.Equal([(1L, "a"), (4L, "d")], lab.Hits.Select(hit => (hit.Line, hit.Row.Id!)));
        Assert.Equal([(RowTrouble.TooLong, 2), (RowTrouble.TooLong, 3)], lab.Troubles);
        Assert.Equal(4, lab.Count);
    }

    [Fact]
    public void An_archive_that_breaks_off_is_used_up_to_its_last_whole_row()
    {
        var path = Write("rows.ndjson.gz", Rows("rows.ndjson", 3000));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2000]);

        var lab = Scan(path, Small);

        Assert.InRange(lab.Count, 1000, 2999);
        Assert.Equal(lab.Count, lab.Hits.Max(hit => hit.Line) + 1 - (lab.Count % 2));
        Assert.Equal([(RowTrouble.TruncatedArchive, lab.Count + 1)], lab.Troubles);
    }

    [Fact]
    public void An_archive_is_recognised_by_its_content()
    {
        var path = Write("rows.ndjson.gz", Rows("rows.ndjson", 10));
        var renamed = Path.Combine(_folder.Root, "candidates");
        File.Move(path, renamed);

        Assert.Equal(10, Scan(renamed, Small).Count);
    }

    [Fact]
    public void A_quote_that_never_closes_costs_one_row()
    {
        var lab = Scan(Write("rows.csv", "id,title\n1,heart\n2,\"heart\n3,heart\n4,heart\n"), Small);

        Assert.Equal([2L, 4, 5], lab.Hits.Select(hit => hit.Line));
        Assert.Equal([(RowTrouble.MalformedCsv, 3)], lab.Troubles);
    }

    [Fact]
    public void An_empty_file_has_no_rows()
    {
        Assert.Equal(0, Scan(Write("rows.ndjson", ""), Small).Count);
        Assert.Equal(0, Scan(Write("rows.csv", ""), Small).Count);
        Assert.Equal(0, Scan(Write("header.csv", "id,title"), Small).Count);
    }

    private static string Sized(string id, int bytesWithLineEnd) => $"{{\"id\":\"{id}\",\"title\":\"heart\",\"pad\":\"" + new string('x', bytesWithLineEnd - 36) + "\"}";

    private static string Rows(string name, int count)
    {
        var text = new StringBuilder(name.Contains("csv") ? "id,title,description\n" : name.Contains("tsv") ? "id\ttitle\tdescription\n" : "");
        for (var i = 0; i < count; i++)
        {
            var title = i % 2 == 0 ? "heart" : "other";
            var pad = new string((char)('a' + (i % 26)), i * 37 % 190);
            text.Append(name.Contains("csv") ? $"{i},{title},\"{pad}\nsecond \"\"line\"\"\"\r\n"
                : name.Contains("tsv") ? $"{i}\t{title}\t{pad}\n" : $"{{\"id\":\"{i}\",\"title\":\"{title}\",\"description\":\"{pad}\"}}\n");
        }

        return text.ToString();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Root, name);
        using var file = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static ScanLab Scan(string path, CandidateBlockOptions options)
    {
        using var reader = CandidateBlocks.Open(path, default, options);
        return ScanLab.Read(reader);
    }

    private static List<(CandidatePosition Start, CandidatePosition End, string Text)> Read(string path, CandidatePosition from)
    {
        var blocks = new List<(CandidatePosition, CandidatePosition, string)>();
        using var reader = CandidateBlocks.Open(path, from, Small);
        while (reader.Read() is { } block)
        {
            blocks.Add((block.Start, block.End, Encoding.UTF8.GetString(block.Bytes)));
            block.Dispose();
        }

        return blocks;
    }
}

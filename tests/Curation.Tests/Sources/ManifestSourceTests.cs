using System.IO.Compression;
using System.Text;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class ManifestSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_csv_row_gives_a_video_with_its_paths_relative_to_the_manifest()
    {
        _folder.File("lists/t/x.en.vtt");
        var source = Manifest("lists/list.csv", """
            path,id,title,description,channel,channel_id,uploader,license,upload_date,duration,tags,transcript,unknown
            ../media/x.mp4,abc,"A, B",D,C,UC1,U,CC BY,2024-01-31,12.5,a; b,t/x.en.vtt,?
            """);

        var video = Assert.Single(await source.Videos());

        Assert.Equal(("manifest", "abc", Path.Combine(_folder.Root, "media/x.mp4")), (video.SourceKind, video.SourceKey, video.Location));
        Assert.Equal(("A, B", "D", "C", "UC1", "U"), (video.Title, video.Description, video.Channel, video.ChannelId, video.Uploader));
        Assert.Equal(("CC BY", "20240131", 12.5), (video.Licence, video.UploadDate, video.DurationSeconds));
        Assert.Equal(["a", "b"], video.Tags);
        Assert.Equal(Path.Combine(_folder.Root, "lists/t/x.en.vtt"), video.TranscriptPath);
        Assert.Empty(video.Warnings);
    }

    [Fact]
    public async Task A_json_line_gives_a_video_and_a_url_stays_the_location()
    {
        var source = Manifest("list.ndjson", """
            {"url":"https://example.org/v.mp4","title":"T","duration":3,"tags":["a","b"],"is_live":true}

            {"path":"./sub/y.mp4"}
            """);

        var videos = await source.Videos();

        Assert.Equal(("https://example.org/v.mp4", "https://example.org/v.mp4", "T", true), (videos[0].Location, videos[0].Url, videos[0].Title, videos[0].IsLive));
        Assert.Equal(["a", "b"], videos[0].Tags);
        Assert.Equal(("sub/y.mp4", "y"), (videos[1].SourceKey, videos[1].Title));
    }

    [Theory]
    [InlineData("list.csv", "path\r\na.mp4\r\nb.mp4\r\n")]
    [InlineData("list.CSV", "\uFEFFPath \na.mp4\n\nb.mp4")]
    [InlineData("list.txt", "\"path\"\n\"a.mp4\"\nb.mp4\n")]
    [InlineData("list.jsonl", "\uFEFF{\"path\":\"a.mp4\"}\r\n{\"path\":\"b.mp4\"}")]
    [InlineData("list", "  {\"path\":\"a.mp4\"}\n{\"path\":\"b.mp4\"}\n")]
    public async Task The_format_follows_the_extension_or_the_content(string name, string content)
    {
        foreach (var gzip in (bool[])[false, true])
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            _folder.File(name, gzip ? Gzip(bytes) : bytes);

            Assert.Equal(["a.mp4", "b.mp4"], (await new ManifestSource(Path.Combine(_folder.Root, name)).Videos()).Select(video => video.SourceKey));
        }
    }

    [Fact]
    public async Task Utf16_with_a_byte_order_mark_is_read()
    {
        var path = _folder.File("list.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("path\nü.mp4\n")]);

        Assert.Equal("ü.mp4", Assert.Single(await new ManifestSource(path).Videos()).SourceKey);
    }

    [Fact]
    public async Task Malformed_csv_rows_are_skipped_with_file_line_and_reason()
    {
        var source = Manifest("list.csv", """
            path,title,url
            a.mp4,"two
            lines",
            b.mp4,too few
            ,neither,
            c.mp4,"quoted"tail,
            ,bad url,ftp://example.org/x
            d.mp4,fine,not a url
            e.mp4,"never closed,
            f.mp4,last,
            """);

        var videos = await source.Videos();
        Assert.Equal(["a.mp4", "d.mp4", "f.mp4"], videos.Select(video => video.SourceKey));
        Assert.Equal("two\nlines", videos[0].Title);
        Assert.Contains("url", Assert.Single(videos[1].Warnings), StringComparison.Ordinal);

        var skips = await source.Skips();
        Assert.Equal(["list.csv:4", "list.csv:5", "list.csv:6", "list.csv:7", "list.csv:9"], skips.Select(skip => skip.Where));
        Assert.Equal(
            ["2 values for the header's 3 columns", "the row names neither a path nor a url", "text after a closing quote"],
            skips.Take(3).Select(skip => skip.Reason));
        Assert.Equal("a quote that is never closed", skips[^1].Reason);
    }

    [Fact]
    public async Task Malformed_json_lines_are_skipped_with_file_line_and_reason()
    {
        var source = Manifest("list.ndjson", "{\"path\":\"a.mp4\"}\n{\"path\":\n[1]\n{\"title\":\"x\"}\n{\"path\":\"b\\u0000.mp4\"}\n{\"path\":\"c.mp4\"}\n");

        Assert.Equal(["a.mp4", "c.mp4"], (await source.Videos()).Select(video => video.SourceKey));
        Assert.Equal(
            [("list.ndjson:2", true), ("list.ndjson:3", true), ("list.ndjson:4", true), ("list.ndjson:5", true)],
            (await source.Skips()).Select(skip => (skip.Where, skip.Reason.Length > 0)));
    }

    [Fact]
    public async Task A_missing_transcript_is_a_warning()
    {
        var video = Assert.Single(await Manifest("list.csv", "path,transcript\na.mp4,none.vtt\n").Videos());

        Assert.Null(video.TranscriptPath);
        Assert.Contains("none.vtt", Assert.Single(video.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list.csv", "path\n{0}\nb.mp4\n", "list.csv:2")]
    [InlineData("list.ndjson", "{0}\n{{\"path\":\"b.mp4\"}}\n", "list.ndjson:1")]
    public async Task A_line_beyond_the_bound_is_skipped_and_the_next_one_is_read(string name, string format, string where)
    {
        var source = Manifest(name, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, new string('x', (10 * 1024 * 1024) + 1)));

        Assert.Equal("b.mp4", Assert.Single(await source.Videos()).SourceKey);
        Assert.Equal(where, Assert.Single(await source.Skips()).Where);
    }

    [Theory]
    [InlineData("list.csv.gz")]
    [InlineData("list.ndjson.gz")]
    public async Task Of_a_truncated_archive_the_whole_rows_before_the_cut_are_used_and_the_cut_is_named(string name)
    {
        var random = new Random(3);
        var csv = name.Contains("csv", StringComparison.Ordinal);
        var keys = Enumerable.Range(0, 5000).Select(_ => $"{random.NextInt64():x16}.mp4").ToList();
        var content = (csv ? "path\n" : "") + string.Concat(keys.Select(key => csv ? $"\"{key}\"\n" : $"{{\"path\":\"{key}\"}}\n"));
        var whole = Gzip(Encoding.UTF8.GetBytes(content));
        var source = new ManifestSource(_folder.File(name, whole[..(whole.Length / 2)]));

        var items = await source.All();

        var found = items.OfType<SourceItem.Found>().Select(item => item.Video.SourceKey).ToList();
        Assert.InRange(found.Count, 1000, 4000);
        Assert.Equal(keys.Take(found.Count), found);
        var skip = Assert.IsType<SourceItem.Skipped>(items[^1]);
        Assert.Equal($"{name}:{found.Count + (csv ? 2 : 1)}", skip.Where);
        Assert.Equal(found.Count + 1, items.Count);
    }

    [Fact]
    public async Task A_damaged_archive_is_named_and_does_not_throw()
    {
        var bytes = Gzip(Encoding.UTF8.GetBytes("path\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i * 7919 % 20011}.mp4\n"))));
        bytes.AsSpan(bytes.Length / 2, 64).Fill(0xFF);

        var items = await new ManifestSource(_folder.File("list.csv.gz", bytes)).All();

        Assert.Contains("damaged", Assert.IsType<SourceItem.Skipped>(items[^1]).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list.csv", "title,channel\nx,y\n", "'path' nor 'url'")]
    [InlineData("list.csv", "path,Path\nx,y\n", "twice")]
    [InlineData("list.csv", "\"path\n", "never closed")]
    [InlineData("list.json", "[{\"path\":\"a\"}]", "JSON array")]
    public async Task A_manifest_that_cannot_be_understood_at_all_is_an_error_that_names_it(string name, string content, string says)
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => Manifest(name, content).All());

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder.Root, name), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_manifest_or_a_folder_in_its_place_is_an_error_that_names_the_path()
    {
        var missing = Path.Combine(_folder.Root, "none.csv");

        Assert.Contains(missing, (await Assert.ThrowsAsync<SourceException>(() => new ManifestSource(missing).All())).Message, StringComparison.Ordinal);
        Assert.Contains("folder source", (await Assert.ThrowsAsync<SourceException>(() => new ManifestSource(_folder.Root).All())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_manifest_lists_nothing()
    {
        Assert.Empty(await Manifest("list.csv", "").All());
        Assert.Empty(await Manifest("list.ndjson", "\n\n").All());
    }

    [Fact]
    public void Any_texts_survive_csv()
    {
        var property = FsCheck.Fluent.Prop.ForAll<(FsCheck.NonNull<string> Title, FsCheck.NonNull<string> Channel)[]>(rows =>
        {
            var texts = rows.Select(row => (Title: Clean(row.Title.Get), Channel: Clean(row.Channel.Get))).ToList();
            var csv = "title,path,channel\r\n" + string.Concat(texts.Select(text => $"{Quote(text.Title)},x.mp4,{Quote(text.Channel)}\r\n"));

            var videos = Manifest("list.csv", csv).Videos().GetAwaiter().GetResult();

            return videos.Select(video => (video.Title, video.Channel!)).SequenceEqual(texts);
        });

        FsCheck.Check.QuickThrowOnFailure(property);

        // Blank texts count as absent, and a lone surrogate is no text that UTF-8 could carry.
        static string Clean(string text) => "t" + new string([.. text.Where(c => !char.IsSurrogate(c))]);
        static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [Fact]
    public async Task Random_bytes_never_throw_anything_but_a_source_error()
    {
        var random = new Random(11);
        var alphabet = "path,url\"\r\n{}[]:\\x"u8.ToArray();
        for (var round = 0; round < 500; round++)
        {
            var bytes = Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(8) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)]).ToArray();
            var path = _folder.File(round % 2 == 0 ? "list.csv" : "list.ndjson", round % 3 == 0 ? [.. "path,url\n"u8, .. bytes] : bytes);
            try
            {
                Assert.All(await new ManifestSource(path).All(), item => Assert.NotNull(item));
            }
            catch (SourceException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    private ManifestSource Manifest(string name, string content) => new(_folder.File(name, content));
}

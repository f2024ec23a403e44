using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class FolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private FolderSource Source => new(_folder.Root);

    [Fact]
    public async Task Video_files_are_found_at_any_depth_in_ordinal_order_and_other_files_are_not()
    {
        string[] names = ["b.mp4", "a/z.MKV", "a/b/c.webm", "Z.mov", "x.m4v", "x.avi", "x.flv", "x.ts", "x.mpg", "x.wmv"];
        foreach (var name in names.Append("notes.txt").Append("b.mp4.part").Append("b.jpg"))
        {
            _folder.File(name);
        }

        var videos = await Source.Videos();

        Assert.Equal(["Z.mov", "a/b/c.webm", "a/z.MKV", "b.mp4", "x.avi", "x.flv", "x.m4v", "x.mpg", "x.ts", "x.wmv"], videos.Select(v => v.SourceKey));
        Assert.All(videos, video => Assert.Equal(Path.Combine(_folder.Root, video.SourceKey), video.Location));
        Assert.All(videos, video => Assert.Equal("folder", video.SourceKind));
    }

    [Fact]
    public async Task A_video_without_sidecars_is_titled_by_its_file_name()
    {
        _folder.File("a/Knee surgery.mp4");

        var video = Assert.Single(await Source.Videos());

        Assert.Equal("Knee surgery", video.Title);
        Assert.Null(video.TranscriptPath);
        Assert.Empty(video.Warnings);
        Assert.Equal(VideoId.From("folder", "a/Knee surgery.mp4"), video.Id);
    }

    [Fact]
    public async Task The_info_sidecar_gives_the_metadata_and_a_key_that_does_not_depend_on_the_path()
    {
        _folder.File("deep/x.mp4");
        _folder.File("deep/x.info.json", """
            {"id":"abc","extractor":"youtube","title":"T","description":"D","webpage_url":"https://example.org/abc","channel":"C","channel_id":"UC1",
             "uploader":"U","license":"CC BY","upload_date":"20240131","duration":12.5,"tags":["a","b"],"categories":["Science"],
             "chapters":[{"title":"one","start_time":0,"end_time":5.5}],"live_status":"not_live","formats":[{}]}
            """);

        var video = Assert.Single(await Source.Videos());

        Assert.Equal("youtube:abc", video.SourceKey);
        Assert.Equal(("T", "D", "https://example.org/abc", "C", "UC1", "U"), (video.Title, video.Description, video.Url, video.Channel, video.ChannelId, video.Uploader));
        Assert.Equal(("CC BY", "20240131", 12.5, false), (video.Licence, video.UploadDate, video.DurationSeconds, video.IsLive));
        Assert.Equal(["a", "b"], video.Tags);
        Assert.Equal(["Science"], video.Categories);
        Assert.Equal([new Chapter("one", 0, 5.5)], video.Chapters);
        Assert.Empty(video.Warnings);
    }

    [Theory]
    [InlineData("""{"is_live":true}""", true)]
    [InlineData("""{"live_status":"is_live"}""", true)]
    [InlineData("""{"live_status":"is_upcoming"}""", true)]
    [InlineData("""{"live_status":"was_live","is_live":false}""", false)]
    [InlineData("""{"is_live":null}""", false)]
    public async Task Running_and_announced_live_streams_are_marked(string info, bool expected)
    {
        _folder.File("x.mp4");
        _folder.File("x.info.json", info);

        Assert.Equal(expected, Assert.Single(await Source.Videos()).IsLive);
    }

    [Theory]
    [InlineData("{\"id\":\"abc\",")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("\0\0\0")]
    public async Task A_malformed_info_sidecar_is_a_warning_and_not_a_lost_video(string info)
    {
        _folder.File("x.mp4");
        _folder.File("x.info.json", info);

        var video = Assert.Single(await Source.Videos());

        Assert.Equal("x.mp4", video.SourceKey);
        Assert.StartsWith("info.json was not used: ", Assert.Single(video.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_of_a_wrong_type_are_warnings_and_the_others_are_kept()
    {
        _folder.File("x.mp4");
        _folder.File("x.info.json", """
            {"id":5,"extractor":"e","title":{"a":1},"description":"\ud800","upload_date":"2024","duration":"soon","tags":"one","chapters":[7,{"start_time":3}],"channel":"kept"}
            """);

        var video = Assert.Single(await Source.Videos());

        Assert.Equal(("e:5", "x", "kept"), (video.SourceKey, video.Title, video.Channel));
        Assert.Equal(["one"], video.Tags);
        Assert.Null(video.DurationSeconds);
        Assert.Null(video.UploadDate);
        Assert.Empty(video.Chapters);
        Assert.All(["title", "description", "upload_date", "duration", "chapters", "chapter"], name => Assert.Contains(video.Warnings, w => w.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("x.en.vtt", "x.en.vtt", "x.de.vtt", "x.en-US.vtt", "x.vtt")]
    [InlineData("x.en-GB.vtt", "x.de.vtt", "x.en-US.vtt", "x.en-GB.vtt", "x.vtt")]
    [InlineData("x.vtt", "x.de.vtt", "x.vtt")]
    [InlineData("x.de.vtt", "x.fr.vtt", "x.de.vtt")]
    [InlineData(null, "x.part2.vtt", "y.en.vtt", "x.live_chat.json", "x.part2.en.vtt")]
    public async Task English_transcripts_are_preferred_and_those_of_other_videos_are_left_alone(string? expected, params string[] transcripts)
    {
        _folder.File("x.mp4");
        foreach (var name in transcripts)
        {
            _folder.File(name);
        }

        var video = Assert.Single(await Source.Videos());

        Assert.Equal(expected is null ? null : Path.Combine(_folder.Root, expected), video.TranscriptPath);
    }

    [Fact]
    public async Task The_second_file_of_one_video_is_skipped_with_the_reason()
    {
        const string Info = """{"id":"abc","extractor":"youtube"}""";
        _folder.File("a/x.mp4");
        _folder.File("a/x.info.json", Info);
        _folder.File("b/copy.webm");
        _folder.File("b/copy.info.json", Info);

        var items = await Source.All();

        Assert.Equal("a/x.mp4", Path.GetRelativePath(_folder.Root, Assert.IsType<SourceItem.Found>(items[0]).Video.Location));
        var skipped = Assert.IsType<SourceItem.Skipped>(items[1]);
        Assert.Equal("b/copy.webm", skipped.Where);
        Assert.Contains("youtube:abc", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_file_name_is_read()
    {
        string[] names = ["-rf.mp4", "a 'b' \"c\".mp4", "line\nbreak.mp4", "percent %20 {x}.mp4", "心臓 ♥.mp4", "…/nested dir/v.mp4"];
        foreach (var name in names)
        {
            _folder.File(name);
        }

        var videos = await Source.Videos();

        Assert.Equal(names.Order(StringComparer.Ordinal), videos.Select(video => video.SourceKey));
        Assert.All(videos, video => Assert.True(File.Exists(video.Location)));
    }

    [Fact]
    public async Task Links_in_a_circle_end_and_are_named()
    {
        _folder.File("a/x.mp4");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "a", "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "self.mp4"), "self.mp4");
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "gone.mp4"), "nowhere");

        Assert.Equal("a/x.mp4", Assert.Single(await Source.Videos()).SourceKey);
        Assert.Equal(["a/up/", "gone.mp4", "self.mp4"], (await Source.Skips()).Select(skip => skip.Where));
    }

    [Fact]
    public async Task A_linked_folder_elsewhere_is_listed_once_however_many_links_lead_to_it()
    {
        using var other = new TemporaryFolder();
        other.File("in/v.mp4");
        Directory.CreateSymbolicLink(Path.Combine(other.Root, "back"), _folder.Root);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "one"), other.Root);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "two"), other.Root);

        Assert.Equal("one/in/v.mp4", Assert.Single(await Source.Videos()).SourceKey);
        Assert.Equal(["one/back/", "two/"], (await Source.Skips()).Select(skip => skip.Where));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_listed_is_skipped_and_the_others_are_not()
    {
        // A path longer than the system takes is unreadable for everyone, the superuser too; it is made by moving one deep folder into another.
        var deep = Path.Combine([_folder.Root, "a", .. Enumerable.Repeat(new string('d', 200), 14)]);
        var other = Path.Combine(_folder.Root, "b");
        Directory.CreateDirectory(deep);
        Directory.CreateDirectory(deep.Replace("/a/", "/b/", StringComparison.Ordinal));
        Directory.Move(other, Path.Combine(deep, "b"));
        _folder.File("x.mp4");
        try
        {
            Assert.Equal("x.mp4", Assert.Single(await Source.Videos()).SourceKey);
            Assert.Contains("longer than", Assert.Single(await Source.Skips()).Reason, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Move(Path.Combine(deep, "b"), other);
        }
    }

    [Fact]
    public async Task Folders_named_like_videos_and_resource_forks_are_no_videos()
    {
        _folder.File("dir.mp4/inner.mp4");
        _folder.File("._x.mp4");

        Assert.Equal("dir.mp4/inner.mp4", Assert.Single(await Source.Videos()).SourceKey);
        Assert.Equal("._x.mp4", Assert.Single(await Source.Skips()).Where);
    }

    [Fact]
    public async Task A_missing_folder_or_a_file_in_its_place_is_an_error_that_names_the_path()
    {
        var missing = Path.Combine(_folder.Root, "none");
        var file = _folder.File("x.mp4");

        Assert.Contains(missing, (await Assert.ThrowsAsync<SourceException>(() => new FolderSource(missing).All())).Message, StringComparison.Ordinal);
        Assert.Contains("manifest", (await Assert.ThrowsAsync<SourceException>(() => new FolderSource(file).All())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

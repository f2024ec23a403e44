using MedGenCluster.Curation.Network.Download;
using MedGenCluster.Engine.Tests.Support;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Network.Download;

/// <summary>What has arrived is not asked for again, and never becomes part of another file.</summary>
public sealed class ResumeTests
{
    private const string Path = "/videos/knee.mp4";

    private readonly byte[] _content = StandInFile.Noise(700_000);

    [Fact]
    public async Task A_file_arrives_under_a_name_of_ours()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add("/videos/..%2F..%2Fevil.sh", _content);

        var path = await lab.FetchedAsync("/videos/..%2F..%2Fevil.sh", _content);

        Assert.Equal(System.IO.Path.Combine(lab.Folder, "media.mp4"), path);
        Assert.Equal(["media.mp4", "media.part.json"], Directory.EnumerateFiles(lab.Folder).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_fetched_file_is_not_asked_for_again()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        await lab.FetchedAsync(Path, _content);
        await lab.FetchedAsync(Path, _content);

        Assert.Single(lab.Net.Log.All);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_gone_on_with_under_the_condition_that_the_file_is_the_same()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);

        await lab.FetchedAsync(Path, _content);

        Assert.Equal([null, "bytes=300000-"], lab.Ranges(Path));
        Assert.NotNull(lab.Net.Log.Of(Path)[1].IfRange);
    }

    [Fact]
    public async Task A_last_modified_date_is_condition_enough()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, new StandInFile(_content, LastModified: new DateTimeOffset(2024, 2, 3, 4, 5, 6, TimeSpan.Zero)));
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);

        await lab.FetchedAsync(Path, _content);

        Assert.Equal("Sat, 03 Feb 2024 04:05:06 GMT", lab.Net.Log.Of(Path)[1].IfRange);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task Without_a_strong_mark_of_the_version_a_part_is_not_trusted(string? eTag)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, new StandInFile(_content, ETag: eTag));
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);

        var failed = Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path));
        Assert.True(failed.Retryable);
        await lab.FetchedAsync(Path, _content);
        Assert.Equal([null, null], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_later_process_goes_on_where_a_killed_one_was()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var file = StandInFile.Tagged(_content);
        var url = lab.Net.Add(Path, file);
        // What a kill leaves behind: the state, written before the first byte, and some bytes.
        var part = PartialFile.Open(lab.Folder, url);
        part.Begin(file.ETag, null, _content.Length);
        part.Is(".mp4");
        await File.WriteAllBytesAsync(lab.PartPath, _content[..123_457]);

        await lab.FetchedAsync(Path, _content);

        Assert.Equal(["bytes=123457-"], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_process_that_is_killed_in_the_middle_leaves_what_the_next_goes_on_from()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var url = lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Stall(300_000), times: 1);
        using (var child = DownloadChild.Start(url, lab.Folder))
        {
            await DownloadLab.Until(() => new FileInfo(lab.PartPath) is { Exists: true, Length: 300_000 });
            child.Kill();
            await child.WaitForExitAsync().Soon();
        }

        await lab.FetchedAsync(Path, _content);

        Assert.Equal([null, "bytes=300000-"], lab.Ranges(Path));
    }

    [Fact]
    public async Task What_another_url_left_in_the_folder_is_not_used()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var part = PartialFile.Open(lab.Folder, lab.Net.Url("/videos/other.mp4"));
        part.Begin("\"x\"", null, _content.Length);
        await File.WriteAllBytesAsync(lab.PartPath, new byte[1000]);
        lab.Net.Add(Path, _content);

        await lab.FetchedAsync(Path, _content);

        Assert.Equal([null], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_damaged_state_means_a_new_beginning()
    {
        await using var lab = await DownloadLab.OpenAsync();
        Directory.CreateDirectory(lab.Folder);
        await File.WriteAllTextAsync(lab.PartPath + ".json", "{\"Url\":");
        await File.WriteAllBytesAsync(lab.PartPath, new byte[1000]);
        lab.Net.Add(Path, _content);

        await lab.FetchedAsync(Path, _content);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_fetched_anew()
    {
        await using var lab = await DownloadLab.OpenAsync(new DownloadOptions { MaxResumes = 0 });
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);
        Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path));
        var changed = StandInFile.Noise(500_000, seed: 2);
        lab.Net.Add(Path, changed);

        await lab.FetchedAsync(Path, changed);
    }

    [Fact]
    public async Task A_server_without_ranges_is_read_from_the_beginning()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);
        lab.Net.Troubles.At(Path, new Trouble.IgnoreRange(), times: 1);

        await lab.FetchedAsync(Path, _content);
    }

    [Fact]
    public async Task A_part_that_is_the_whole_file_is_taken_for_it()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var file = StandInFile.Tagged(_content);
        var part = PartialFile.Open(lab.Folder, lab.Net.Add(Path, file));
        part.Begin(file.ETag, null, _content.Length);
        part.Is(".mp4");
        await File.WriteAllBytesAsync(lab.PartPath, _content);

        await lab.FetchedAsync(Path, _content);

        Assert.Equal([416], lab.Net.Log.Of(Path).Select(request => request.Status));
    }

    [Fact]
    public async Task A_transfer_that_does_not_move_is_called_off_and_gone_on_with()
    {
        var time = new FakeTime();
        await using var lab = await DownloadLab.OpenAsync(time: time);
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Stall(300_000), times: 1);

        var fetch = lab.FetchAsync(Path);
        await DownloadLab.Until(() => new FileInfo(lab.PartPath) is { Exists: true, Length: 300_000 });
        // The watch began anew when those bytes came, before they were written.
        time.Advance(new DownloadOptions().StallAfter);

        Assert.IsType<DownloadResult.Complete>(await fetch);
        Assert.Equal([null, "bytes=300000-"], lab.Ranges(Path));
    }

    [Fact]
    public async Task Breaks_that_bring_nothing_new_end_the_fetch_and_leave_the_part()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(300_000), times: 1);
        lab.Net.Troubles.At(Path, new Trouble.Truncate(0));

        var failed = Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path));

        Assert.True(failed.Retryable);
        Assert.Equal(MedGenCluster.Curation.Network.FailureKind.Network, failed.Kind);
        Assert.Equal(300_000, new FileInfo(lab.PartPath).Length);
        lab.Net.Troubles.Clear();
        await lab.FetchedAsync(Path, _content);
        Assert.Equal("bytes=300000-", lab.Ranges(Path).Last());
    }
}

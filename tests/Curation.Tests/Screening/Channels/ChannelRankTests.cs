using System.Text;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Screening.Channels;

public sealed class ChannelRankTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 10, 0)]
    [InlineData(1, 1, 0.206549)]
    [InlineData(95, 100, 0.888250)]
    [InlineData(5, 10, 0.236593)]
    public void The_lower_bound_is_wilsons(long hits, long trials, double expected)
    {
        Assert.Equal(expected, WilsonInterval.Of(hits, trials).Low, 6);
    }

    [Fact]
    public void Keys_tell_channels_apart_at_every_length()
    {
        var names = Enumerable.Range(0, 40).SelectMany(length => new[] { new string('a', length + 1), new string('a', length) + "b", "\0" + new string('a', length) });

        Assert.Equal(120, names.Select(name => ChannelKey.Of(Encoding.UTF8.GetBytes(name))).Distinct().Count());
    }

    [Fact]
    public void A_key_is_the_same_in_every_run()
    {
        Assert.Equal(ChannelKey.None, ChannelKey.Of([]));
        Assert.Equal(0x255612E4406D31ACUL, ChannelKey.Of("UC0000000000000000001772"u8).Value);
    }

    [Theory]
    [InlineData("https://www.youtube.com/@x", "youtube", "https://www.youtube.com/@x")]
    [InlineData("http://youtube.com/channel/UC1", "youtube", "http://youtube.com/channel/UC1")]
    [InlineData("https://notyoutube.com/c", null, null)]
    [InlineData("https://youtube.com.example.org/c", null, null)]
    [InlineData("https://user@youtube.com/c", null, null)]
    [InlineData("https://example.org/c", null, null)]
    [InlineData("ftp://example.org/c", null, null)]
    [InlineData("/data/a%20b", "folder", "/data/a%20b")]
    [InlineData("file:///data/a%20b", "folder", "/data/a b")]
    [InlineData("below/here", "folder", "/base/below/here")]
    [InlineData("  ", null, null)]
    [InlineData(null, null, null)]
    public void A_channel_is_listed_by_what_its_url_is(string? url, string? kind, string? location)
    {
        Assert.Equal(kind is null ? null : new SourceSpec(kind, location!), ChannelSource.Of(url, "/base"));
    }
}

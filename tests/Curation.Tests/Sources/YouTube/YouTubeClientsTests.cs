using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YouTubeClientsTests
{
    [Fact]
    public void Yt_dlp_is_the_client_by_default() => Assert.IsType<YtDlp>(Create(new YouTubeOptions()));

    [Fact]
    public void A_client_that_was_not_built_in_is_said_with_the_one_that_is()
    {
        // Its assembly does not lie beside these tests, as it does not where the registry lacks its package.
        Assert.Contains("youtube.client=yt-dlp", Assert.Throws<SourceException>(() => Create(new YouTubeOptions { Client = "explode" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_be_used_make_no_client() =>
        Assert.Contains("youtube.client is 'x'", Assert.Throws<SourceException>(() => Create(new YouTubeOptions { Client = "x" })).Message, StringComparison.Ordinal);

    private static IYouTubeClient Create(YouTubeOptions options) =>
        YouTubeClients.Create(options, new ScriptedYtDlp(), new UrlPolicy(new UrlPolicyOptions()), TimeProvider.System);
}

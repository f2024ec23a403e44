using MedGenCluster.Curation.Sources;
using NSubstitute;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class SourceFactoryTests
{
    private readonly IVideoSource _youTube = Substitute.For<IVideoSource>();
    private readonly SourceFactory _factory;

    public SourceFactoryTests() => _factory = new SourceFactory(_ => _youTube);

    [Fact]
    public void Kinds_make_their_sources()
    {
        Assert.IsType<FolderSource>(_factory.Create(new SourceSpec("folder", "/videos")));
        Assert.IsType<ManifestSource>(_factory.Create(new SourceSpec("manifest", "/list.csv")));
        Assert.IsType<HttpSource>(_factory.Create(new SourceSpec("http", "https://example.org/a.mp4")));
        Assert.Same(_youTube, _factory.Create(new SourceSpec("youtube", "https://www.youtube.com/@a")));
    }

    [Theory]
    [InlineData("vimeo", "/x", "'vimeo'")]
    [InlineData("folder", " ", "no location")]
    public void What_cannot_be_made_is_said(string kind, string location, string says)
    {
        Assert.Contains(says, Assert.Throws<SourceException>(() => _factory.Create(new SourceSpec(kind, location))).Message, StringComparison.Ordinal);
    }
}

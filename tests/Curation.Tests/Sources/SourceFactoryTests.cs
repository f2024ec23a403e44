using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class SourceFactoryTests
{
    [Fact]
    public void Kinds_make_their_sources()
    {
        Assert.IsType<FolderSource>(SourceFactory.Create(new SourceSpec("folder", "/videos")));
        Assert.IsType<ManifestSource>(SourceFactory.Create(new SourceSpec("manifest", "/list.csv")));
        Assert.IsType<HttpSource>(SourceFactory.Create(new SourceSpec("http", "https://example.org/a.mp4")));
    }

    [Theory]
    [InlineData("vimeo", "/x", "'vimeo'")]
    [InlineData("folder", " ", "no location")]
    public void What_cannot_be_made_is_said(string kind, string location, string says)
    {
        Assert.Contains(says, Assert.Throws<SourceException>(() => SourceFactory.Create(new SourceSpec(kind, location))).Message, StringComparison.Ordinal);
    }
}

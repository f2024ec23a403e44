using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class LicencesTests
{
    [Theory]
    [InlineData("Creative Commons Attribution license (reuse allowed)")]
    [InlineData("CC BY 4.0")]
    [InlineData("cc-by-sa")]
    [InlineData("CC0")]
    [InlineData("https://creativecommons.org/licenses/by/4.0/")]
    [InlineData("Released under a creative commons licence")]
    public void Creative_commons_is_known_by_its_names(string licence) => Assert.True(Licences.IsCreativeCommons(licence));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("youtube")]
    [InlineData("Standard YouTube License")]
    [InlineData("All rights reserved by ACC by law")]
    [InlineData("public domain")]
    public void Nothing_else_is(string? licence) => Assert.False(Licences.IsCreativeCommons(licence));
}

using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

public sealed class LicencesTests
{
    [Theory]
    [InlineData("Creative Commons Attribution license (reuse allowed)")]
    [InlineData("Creative Commons Attribution licence (reuse allowed)")]
    [InlineData("creative-commons")]
    [InlineData("Attribution-ShareAlike, Creative Commons 4.0")]
    [InlineData("CC BY 4.0")]
    [InlineData("cc-by")]
    [InlineData("CC BY-NC-SA 3.0")]
    [InlineData("cc_by_sa_4.0")]
    [InlineData("Licence: CC BY-ND.")]
    [InlineData("CC0")]
    [InlineData("cc0-1.0")]
    [InlineData("CC Zero")]
    [InlineData("https://creativecommons.org/licenses/by/4.0/")]
    [InlineData("http://www.creativecommons.org/publicdomain/zero/1.0/")]
    public void Statements_of_creative_commons_are_recognised(string licence) => Assert.True(Licences.IsCreativeCommons(licence));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Standard YouTube License")]
    [InlineData("All rights reserved")]
    [InlineData("CC")]
    [InlineData("subtitles (CC) by the author")]
    [InlineData("Cc: by mail")]
    [InlineData("ACCBY")]
    [InlineData("copyright by CCBYTE Inc.")]
    [InlineData("Not Creative Commons")]
    [InlineData("non-CC BY content")]
    [InlineData("https://creativecommons.org.evil.example/licenses/by/4.0/")]
    [InlineData("https://creativecommons.org/about")]
    [InlineData("MIT")]
    public void Other_statements_and_silence_are_not(string? licence) => Assert.False(Licences.IsCreativeCommons(licence));
}

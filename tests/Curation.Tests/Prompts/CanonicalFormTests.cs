using MedGenCluster.Curation.Prompts.Unicode;

namespace MedGenCluster.Curation.Tests.Prompts;

/// <summary>Cases of Unicode's NormalizationTest.txt and of UAX #15, worked out by hand.</summary>
public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u00E9", "\u00E9")]
    [InlineData("\u212B", "\u00C5")] // a singleton: the sign becomes the letter
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // marks are put in order
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("D\u031B\u0307\u0323", "\u1E0C\u031B\u0307")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u1100\u0300\u1161", "\u1100\u0300\u1161")] // a mark in between keeps them apart
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\u5FC3\u81D3\u306E\u624B\u8853", "\u5FC3\u81D3\u306E\u624B\u8853")]
    [InlineData("\u0301a", "\u0301a")]
    public void Two_spellings_become_one(string text, string expected)
    {
        Assert.Equal(expected, CanonicalForm.Compose(text));
        Assert.Equal(expected, CanonicalForm.Compose(CanonicalForm.Compose(text)));
    }
}

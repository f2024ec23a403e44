using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Tests.Imaging;

public sealed class LumaTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1003)]
    public void Is_the_rounded_weighted_sum_of_every_pixel(int pixels)
    {
        var rgb = new byte[pixels * 3];
        new Random(pixels).NextBytes(rgb);
        var luma = new byte[pixels];

        Luma.Convert(rgb, luma);

        for (var i = 0; i < pixels; i++)
        {
            var exact = 0.299 * rgb[i * 3] + 0.587 * rgb[i * 3 + 1] + 0.114 * rgb[i * 3 + 2];
            Assert.InRange(luma[i], exact - 0.5005, exact + 0.5005);
            Assert.Equal(Luma.Of(rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]), luma[i]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(255)]
    public void Of_gray_is_gray(byte level) => Assert.Equal(level, Luma.Of(level, level, level));
}

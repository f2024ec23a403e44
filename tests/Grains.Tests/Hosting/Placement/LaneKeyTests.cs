using MedGenCluster.Curation.Domain;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Tests.Hosting.Placement;

public sealed class LaneKeyTests
{
    [Theory]
    [InlineData("2048/*/caption", 2048, "*", StageId.Caption)]
    [InlineData("0/gpu-3/technical-quality", 0, "gpu-3", StageId.TechnicalQuality)]
    [InlineData("24000/pool/gpu-3/aesthetics", 24000, "pool/gpu-3", StageId.Aesthetics)]
    public void A_key_is_read_and_written_alike(string text, int memory, string silo, StageId stage)
    {
        var key = LaneKey.Parse(text);

        Assert.Equal(new LaneKey(memory, silo, stage), key);
        Assert.Equal(text, key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("caption")]
    [InlineData("2048/caption")]
    [InlineData("2048//caption")]
    [InlineData("-1/*/caption")]
    [InlineData("many/*/caption")]
    [InlineData("2048/*/no-stage")]
    [InlineData("2048/*/")]
    [InlineData("99999999999/*/caption")]
    public void Another_text_is_no_key(string text)
    {
        Assert.False(LaneKey.TryParse(text, out _));
        Assert.Contains("2048/*/caption", Assert.Throws<FormatException>(() => LaneKey.Parse(text)).Message, StringComparison.Ordinal);
    }
}

using MedGenCluster.Curation.Duplicates;

namespace MedGenCluster.Curation.Tests.Duplicates;

public sealed class ClipFingerprintTests
{
    private static readonly ClipFingerprint Sample = new([new(0, new(1, 2, 3)), new(0.5, new(ulong.MaxValue >> 1, 5, 6)), new(7.041, new(7, 8, 9))]);

    [Fact]
    public void Survives_the_round_trip_through_bytes() => Assert.Equal(Sample.Frames.ToArray(), ClipFingerprint.TryRead(Sample.ToBytes())!.Frames.ToArray());

    [Fact]
    public void Survives_the_round_trip_through_text() => Assert.Equal(Sample.Frames.ToArray(), ClipFingerprint.TryParse(Sample.ToString())!.Frames.ToArray());

    [Fact]
    public void An_empty_one_survives_too() => Assert.Empty(ClipFingerprint.TryParse(new ClipFingerprint([]).ToString())!.Frames.ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("AQID")]
    [InlineData("/w==")]
    public void Other_text_is_no_fingerprint(string text) => Assert.Null(ClipFingerprint.TryParse(text));

    [Fact]
    public void Times_must_ascend() => Assert.Throws<ArgumentException>(() => new ClipFingerprint([new(1, default), new(0.5, default)]));

    [Fact]
    public void Times_must_be_numbers() => Assert.Throws<ArgumentException>(() => new ClipFingerprint([new(double.NaN, default)]));
}

using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class CaptionBindingTests
{
    [Fact]
    public void Every_input_counts()
    {
        string[] bindings =
        [
            CaptionBinding.Compute("clip", [0.5, 1.5], "prompt", "model", "brief", "detailed"),
            CaptionBinding.Compute("clip2", [0.5, 1.5], "prompt", "model", "brief", "detailed"),
            CaptionBinding.Compute("clip", [0.5, 1.501], "prompt", "model", "brief", "detailed"),
            CaptionBinding.Compute("clip", [0.5], "prompt", "model", "brief", "detailed"),
            CaptionBinding.Compute("clip", [0.5, 1.5], "prompt2", "model", "brief", "detailed"),
            CaptionBinding.Compute("clip", [0.5, 1.5], "prompt", "model2", "brief", "detailed"),
            CaptionBinding.Compute("clip", [0.5, 1.5], "prompt", "model", "brief2", "detailed"),
            CaptionBinding.Compute("clip", [0.5, 1.5], "prompt", "model", "brief", "detailed2"),
        ];
        Assert.Equal(bindings.Length, bindings.Distinct().Count());
        Assert.All(bindings, b => Assert.Matches("^[0-9a-f]{64}$", b));
    }

    [Fact]
    public void Text_cannot_move_from_one_caption_to_the_other() => Assert.NotEqual(
        CaptionBinding.Compute("c", [], "p", "m", "a\n1:b", ""),
        CaptionBinding.Compute("c", [], "p", "m", "a", "1:b\n"));

    [Fact]
    public void Times_count_in_milliseconds() => Assert.Equal(
        CaptionBinding.Compute("c", [0.1 + 0.2], "p", "m", "b", "d"),
        CaptionBinding.Compute("c", [0.3], "p", "m", "b", "d"));
}

using MedGenCluster.GpuWorkers.Bench;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Bench;

public sealed class ModelBenchTests
{
    private static readonly ModelBenchOptions Quick = new() { BatchSizes = [1, 2], Each = TimeSpan.Zero };

    [RuntimeFact]
    public void Every_role_is_measured_at_every_batch_size_that_it_can_take()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(
            folder, (ModelRoles.FrameClassifier, "frame_classifier.onnx"), (ModelRoles.Musiq, "musiq_like.onnx"), (ModelRoles.TextEmbedder, "text_embedder.onnx"));

        var rows = ModelBench.Run(pack, Runtime.Instance, null, Quick, CancellationToken.None).ToList();

        Assert.Equal(
            [("frame-classifier", 1), ("frame-classifier", 2), ("musiq", 1), ("text-embedder", 1), ("text-embedder", 2)],
            rows.Select(row => (row.Role, row.BatchSize)));
        Assert.Equal("image[1,3,224,224]", rows[2].Input);
        Assert.Equal("input_ids[2,64] attention_mask[2,64]", rows[4].Input);
        Assert.All(rows, row =>
        {
            Assert.Null(row.Trouble);
            Assert.Equal(3, row.Runs);
            Assert.True(row.ItemsPerSecond > 0 && row.MedianMilliseconds > 0 && row.P95Milliseconds >= row.MedianMilliseconds);
        });
    }

    [Fact]
    public void A_model_that_cannot_be_opened_is_a_row_with_its_trouble()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (ModelRoles.ClipVision, "clip_vision.onnx"));
        Assert.Equal("none here", Assert.Single(ModelBench.Run(pack, null, "none here", Quick, CancellationToken.None)).Trouble);
    }
}

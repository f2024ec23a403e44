using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Onnx;

public sealed class SameBitsInAnyBatchTests
{
    [RuntimeTheory]
    [InlineData(ModelRoles.ClipVision, "clip_vision.onnx", 32)]
    [InlineData(ModelRoles.FrameClassifier, "frame_classifier.onnx", 32)]
    [InlineData(ModelRoles.DoverTechnical, "dover_technical.onnx", 3)]
    [InlineData(ModelRoles.DoverAesthetic, "dover_aesthetic.onnx", 3)]
    public async Task An_item_alone_and_an_item_in_company_score_the_same_bits(string role, string file, int most)
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (role, file));
        var options = new ModelCatalogOptions
        {
            Roles = new Dictionary<string, BatchingOptions> { [role] = new() { MaxBatch = most, Linger = TimeSpan.Zero, Patience = TimeSpan.FromMinutes(1) } },
        };
        await using var catalog = new ModelCatalog(pack, Runtime.Instance, null, options, TimeProvider.System);
        var model = catalog.TensorModel(role);
        var length = model.ItemShape.Aggregate(1, (a, b) => a * b);
        var waves = TinyModels.Wave(length * most);

        var alone = new float[most][];
        for (var i = 0; i < most; i++)
            alone[i] = (await RunTogether(model, waves, length, [i]))[0];

        foreach (var size in Enumerable.Range(2, most - 1))
        {
            // Rotated, so that items stand at other rows and beside other items.
            int[] items = [.. Enumerable.Range(0, size).Select(i => (i + size) % most)];
            var together = await RunTogether(model, waves, length, items);
            for (var i = 0; i < size; i++)
                Assert.True(alone[items[i]].AsSpan().SequenceEqual(together[i]), $"item {items[i]} differs in a batch of {size}");
        }
    }

    private static async Task<float[][]> RunTogether(Curation.Models.ITensorModel model, float[] waves, int length, int[] items)
    {
        var slots = items.Select(_ => model.TryRent()!).ToArray();
        for (var i = 0; i < items.Length; i++)
            waves.AsSpan(items[i] * length, length).CopyTo(slots[i].Input);
        return await Task.WhenAll(slots.Select(slot => slot.RunAsync(CancellationToken.None).AsTask()));
    }
}

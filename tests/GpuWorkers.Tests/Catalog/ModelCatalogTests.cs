using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Onnx;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [RuntimeFact]
    public async Task A_frame_goes_through_the_encoder_and_the_classifier_of_the_pack()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (ModelRoles.ClipVision, "clip_vision.onnx"), (ModelRoles.FrameClassifier, "frame_classifier.onnx"));
        await using var catalog = new ModelCatalog(pack, Runtime.Instance, null, new(), TimeProvider.System);
        Assert.Same(catalog.ClipVision, catalog.ClipVision);
        Assert.Equal("clip-vision@tiny:18c98f17", catalog.ClipVision.Version);
        Assert.True(catalog.ClipVision.IsDemo);

        var wave = TinyModels.Wave(2 * 3 * 224 * 224);
        var embeddings = await Run(catalog.ClipVision, wave);
        var logits = await Run(catalog.FrameClassifier, embeddings);

        GoldenTests.AssertClose(TinyModels.Npy("expected_clip_vision.npy"), embeddings);
        GoldenTests.AssertClose(TinyModels.Npy("expected_frame_classifier.npy"), logits);
    }

    [RuntimeFact]
    public async Task A_file_that_is_put_in_place_later_is_found_without_a_restart()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (ModelRoles.ClipVision, "clip_vision.onnx"));
        File.Move(folder.At("clip_vision.onnx"), folder.At("elsewhere"));
        await using var catalog = new ModelCatalog(pack, Runtime.Instance, null, new(), TimeProvider.System);
        Assert.Contains("is missing", Assert.Throws<ModelException>(() => catalog.ClipVision).Message);

        File.Move(folder.At("elsewhere"), folder.At("clip_vision.onnx"));

        Assert.Equal([3, 224, 224], catalog.ClipVision.ItemShape);
    }

    [RuntimeFact]
    public async Task Models_with_free_axes_are_sessions_and_are_refused_as_batches()
    {
        using var folder = new TempFolder();
        await using var catalog = new ModelCatalog(TinyModels.WritePack(folder, (ModelRoles.Musiq, "musiq_like.onnx")), Runtime.Instance, null, new(), TimeProvider.System);

        var score = Assert.Single(catalog.Session(ModelRoles.Musiq).Run([NamedTensor.Of("image", [1, 3, 45, 70], TinyModels.Wave(3 * 45 * 70, "0.5 + 0.2 wave"))]));

        GoldenTests.AssertClose(TinyModels.Npy("expected_musiq_like_small.npy"), score.Floats!);
        Assert.Contains("axes are fixed", Assert.Throws<ModelException>(() => catalog.TensorModel(ModelRoles.Musiq)).Message);
    }

    [Fact]
    public async Task Without_a_runtime_every_model_is_refused_with_the_reason()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (ModelRoles.ClipVision, "clip_vision.onnx"));
        await using var catalog = new ModelCatalog(pack, null, "no runtime in this build", new(), TimeProvider.System);
        Assert.Equal("no runtime in this build", Assert.Throws<ModelException>(() => catalog.ClipVision).Message);
    }

    [Fact]
    public void Impossible_options_are_answered_with_their_errors()
    {
        Assert.Null(InferenceRuntime.TryCreate(new InferenceOptions { IntraOpThreads = -1, Devices = [0, 0] }, out var reason));
        Assert.Contains("IntraOpThreads is -1", reason);
        Assert.Contains("Devices is 0,0", reason);
    }

    [RuntimeFact]
    public void A_provider_that_this_build_does_not_have_is_named_with_a_way_out()
    {
        var runtime = InferenceRuntime.TryCreate(new InferenceOptions { Provider = ExecutionProvider.Cuda }, out _)!;
        var error = Assert.Throws<ModelException>(() => runtime.Open("clip-vision", Path.Combine(Repository.TinyOnnx, "clip_vision.onnx")));
        Assert.Contains("OrtFlavor=gpu", error.Message);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public async Task Batches_are_padded_to_the_rows_from_which_the_runtime_is_stable_unless_that_is_turned_off(bool deterministic, int expected)
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, (ModelRoles.FrameClassifier, "frame_classifier.onnx"));
        var runtime = new CountingRuntime(pack[ModelRoles.FrameClassifier], stableRows: 3);
        var options = new ModelCatalogOptions
        {
            Roles = new Dictionary<string, BatchingOptions> { [ModelRoles.FrameClassifier] = new() { MaxBatch = 8, Linger = TimeSpan.Zero, Deterministic = deterministic } },
        };
        await using var catalog = new ModelCatalog(pack, runtime, null, options, TimeProvider.System);

        await Run(catalog.FrameClassifier, new float[768]);

        Assert.Equal([expected], runtime.Rows);
    }

    /// <summary>Keeps the rows of each run; computes nothing.</summary>
    private sealed class CountingRuntime(ModelEntry entry, int stableRows) : InferenceRuntime, IInferenceSession
    {
        public List<long> Rows { get; } = [];

        public override string Description => "counting";

        public override int DeviceCount => 1;

        public IReadOnlyList<TensorPort> Inputs => entry.Inputs;

        public IReadOnlyList<TensorPort> Outputs => entry.Outputs;

        public override IInferenceSession Open(string role, string path, int device = 0) => this;

        public override int StableRows(int maxBatch) => Math.Min(maxBatch, stableRows);

        public void Run(string inputName, Memory<float> input, long[] inputShape, string outputName, Memory<float> output, long[] outputShape) => Rows.Add(inputShape[0]);

        public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private static async Task<float[]> Run(ITensorModel model, float[] items)
    {
        var length = model.ItemShape.Aggregate(1, (a, b) => a * b);
        var runs = Enumerable.Range(0, items.Length / length).Select(async i =>
        {
            using var slot = await model.RentAsync(CancellationToken.None);
            items.AsSpan(i * length, length).CopyTo(slot.Input);
            return await slot.RunAsync(CancellationToken.None);
        });
        return [.. (await Task.WhenAll(runs)).SelectMany(output => output)];
    }
}

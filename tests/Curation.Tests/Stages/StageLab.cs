using System.Collections.Concurrent;
using System.Security.Cryptography;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Probe;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages;

/// <summary>Takes videos and clips through stages as an engine would.</summary>
internal static class StageLab
{
    public static readonly CurationOptions Options = new() { Cut = new() { Width = 144, Height = 96 }, Probe = new() { MinShortSide = 90 } };

    public static VideoWork Video(string? path, CurationOptions? options = null, params Measurement[] measurements) => new(
        new VideoId("v1"),
        new VideoMetadata { SourceKind = "folder", SourceKey = "x", Location = path ?? "x.mp4" },
        path,
        new MeasurementSet(measurements),
        options ?? Options);

    /// <summary>A probed video.</summary>
    public static async Task<VideoWork> ProbedAsync(string path, CurationOptions? options = null)
    {
        var work = Video(path, options);
        return work with { Measurements = new MeasurementSet([(await MeasuredAsync(new ProbeStage(MediaLab.Tools), work)).Measurement]) };
    }

    /// <summary>A clip that was cut.</summary>
    public static async Task<ClipWork> CutAsync(string path, double start, double end, IMediaStore store, CurationOptions? options = null)
    {
        var interval = ClipInterval.FromSeconds(start, end);
        var work = new ClipWork(ClipId.From(new VideoId("v1"), interval), interval, "", await ProbedAsync(path, options), null, null, MeasurementSet.Empty);
        var cut = await MeasuredAsync(new CutStage(MediaLab.Tools, store), work);
        return work with { Media = cut.Media, MediaPath = cut.MediaPath, Measurements = new MeasurementSet([cut.Measurement]) };
    }

    public static async Task<StageResult.Measured> MeasuredAsync<TWork>(IStage<TWork> stage, TWork work)
    {
        var result = await OneAsync(stage, work);
        return result as StageResult.Measured ?? throw new Xunit.Sdk.XunitException(((StageResult.Failed)result).Reason);
    }

    public static async Task<StageResult.Failed> FailedAsync<TWork>(IStage<TWork> stage, TWork work) =>
        Assert.IsType<StageResult.Failed>(await OneAsync(stage, work));

    /// <summary>Measures and decides.</summary>
    public static async Task<Verdict> VerdictAsync<TWork>(IStage<TWork> stage, TWork work, CurationOptions? options = null) =>
        Decide(stage, (await MeasuredAsync(stage, work)).Measurement, options);

    public static Verdict Decide<TWork>(IStage<TWork> stage, Measurement measurement, CurationOptions? options = null) =>
        stage.Decide(new MeasurementSet([measurement]), options ?? Options);

    private static async Task<StageResult> OneAsync<TWork>(IStage<TWork> stage, TWork work) =>
        Assert.Single(await stage.RunAsync([work], default));
}

/// <summary>A media store in a temporary folder.</summary>
internal sealed class TestStore : IMediaStore, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store").FullName;
    private int _next;

    /// <summary>Files that were neither adopted nor deleted.</summary>
    public IEnumerable<string> Leftovers => Directory.EnumerateFiles(_folder, "tmp-*");

    public string NewTemporaryPath(string extension) => Path.Combine(_folder, $"tmp-{Interlocked.Increment(ref _next)}{extension}");

    public async Task<MediaRef> AdoptAsync(string temporaryPath, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(temporaryPath, cancellationToken);
        var reference = new MediaRef(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        File.Move(temporaryPath, Path.Combine(_folder, reference.Sha256), overwrite: true);
        return reference;
    }

    public Task<string> OpenLocalAsync(MediaRef reference, CancellationToken cancellationToken) => Task.FromResult(Path.Combine(_folder, reference.Sha256));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>A model that is a function. It answers a batch only when it is full or nobody hands in more, as a real one would.</summary>
internal sealed class FakeModel(string version, int inputLength, Func<float[], float[]> answer) : ITensorModel
{
    private readonly ConcurrentBag<int> _held = [];
    private int _open;

    public string Version => version;

    public bool IsDemo => true;

    public IReadOnlyList<int> ItemShape => [inputLength];

    /// <summary>Most slots that were out at the same time.</summary>
    public int MostOpen => _held.DefaultIfEmpty().Max();

    /// <summary>Slots that were rented and not given back.</summary>
    public int Open => _open;

    public ITensorSlot? TryRent() => new Slot(this, new float[inputLength]);

    public ValueTask<ITensorSlot> RentAsync(CancellationToken cancellationToken) => new(TryRent()!);

    private sealed class Slot : ITensorSlot
    {
        private readonly FakeModel _model;
        private readonly float[] _input;

        public Slot(FakeModel model, float[] input)
        {
            (_model, _input) = (model, input);
            model._held.Add(Interlocked.Increment(ref model._open));
        }

        public Span<float> Input => _input;

        public async ValueTask<float[]> RunAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return _model.answer(_input);
        }

        public void Dispose() => Interlocked.Decrement(ref _model._open);
    }

    private Func<float[], float[]> answer { get; } = answer;
}

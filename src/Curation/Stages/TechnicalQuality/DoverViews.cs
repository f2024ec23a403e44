using System.Buffers;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Stages.TechnicalQuality;

/// <summary>Pooled memory for the four DOVER inputs of one clip, 77 MB. They are filled while the clip is decoded and handed to the models
/// afterwards: places in a model's batch are too precious to hold during a decoding run.</summary>
internal sealed class DoverViews : IDisposable
{
    private readonly float[][] _views = [.. Enumerable.Range(0, 4).Select(_ => ArrayPool<float>.Shared.Rent(DoverTensors.ViewLength))];

    public DoverTensors Tensors => new(Span(0), Span(1), Span(2), Span(3));

    /// <summary>View 0..2 technical clip, 3 aesthetic: [3,32,224,224].</summary>
    public ReadOnlyMemory<float> this[int view] => _views[view].AsMemory(0, DoverTensors.ViewLength);

    public void Dispose()
    {
        foreach (var view in _views)
            ArrayPool<float>.Shared.Return(view);
    }

    private Span<float> Span(int view) => _views[view].AsSpan(0, DoverTensors.ViewLength);
}

using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Segmentation;

namespace MedGenCluster.Curation.Stages.Segment;

/// <summary>Runs the frames of one video through CLIP and the frame classifier, a bounded number of them at a time so that batches fill
/// while the decoder goes on.</summary>
internal sealed class FrameClassification(ITensorModel vision, ITensorModel classifier, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int MaxInFlight = 32;

    private readonly SemaphoreSlim _inFlight = new(MaxInFlight);
    private readonly List<Task<(float[] Embedding, double Medical)>> _frames = [];

    /// <summary>Takes the next frame. Blocks the decoder's thread while too many are in flight.</summary>
    public void Add(int index, Rgb24View picture)
    {
        _inFlight.Wait(cancellationToken);
        var slot = vision.Rent(cancellationToken);
        try
        {
            ClipPreprocessor.Write(picture, slot.Input);
        }
        catch
        {
            slot.Dispose();
            throw;
        }

        _frames.Add(ClassifyAsync(slot));
    }

    /// <summary>Waits for all frames: probabilities [n] and adjacent cosines [n - 1], 6 decimals.</summary>
    public async Task<(double[] Medical, double[] Similarity)> FinishAsync()
    {
        var frames = await Task.WhenAll(_frames).ConfigureAwait(false);
        double[] medical = [.. frames.Select(frame => Math.Round(frame.Medical, 6))];
        double[] similarity =
        [
            .. frames.Skip(1).Select((frame, k) => Math.Round(EmbeddingSimilarity.Cosine(frames[k].Embedding, frame.Embedding), 6)),
        ];
        return (medical, similarity);
    }

    /// <summary>Waits for what is still in flight, also after a failure.</summary>
    public async ValueTask DisposeAsync()
    {
        Task all = Task.WhenAll(_frames);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _inFlight.Dispose();
    }

    private async Task<(float[] Embedding, double Medical)> ClassifyAsync(ITensorSlot slot)
    {
        try
        {
            var embedding = await slot.RunAndDisposeAsync(cancellationToken).ConfigureAwait(false);
            var next = await classifier.RentAsync(cancellationToken).ConfigureAwait(false);
            embedding.CopyTo(next.Input);
            var logits = await next.RunAndDisposeAsync(cancellationToken).ConfigureAwait(false);

            // Softmax of two classes.
            return (embedding, 1 / (1 + Math.Exp((double)logits[0] - logits[1])));
        }
        finally
        {
            _inFlight.Release();
        }
    }
}

using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.Curation.Stages;

/// <summary>Hands items to models. A slot is filled at once and handed in at once: one that waits for a decoder would hold up the batch
/// that it belongs to, and several held together could fill the model's queue for ever.</summary>
internal static class ModelRuns
{
    /// <summary>Embeds a picture with CLIP. It blocks while the model is busy and is meant for a decoder's own thread, which may wait; the
    /// returned task ends with the embedding.</summary>
    public static Task<float[]> EmbedAsync(this ITensorModel vision, Rgb24View picture, CancellationToken cancellationToken)
    {
        var renting = vision.RentAsync(cancellationToken);
        var slot = renting.IsCompletedSuccessfully ? renting.Result : renting.AsTask().GetAwaiter().GetResult();
        try
        {
            ClipPreprocessor.Write(picture, slot.Input);
        }
        catch
        {
            slot.Dispose();
            throw;
        }

        return FinishAsync(slot, cancellationToken);
    }

    /// <summary>Runs one item that lies in memory.</summary>
    public static async Task<float[]> RunAsync(this ITensorModel model, ReadOnlyMemory<float> input, CancellationToken cancellationToken)
    {
        var slot = await model.RentAsync(cancellationToken).ConfigureAwait(false);
        input.Span.CopyTo(slot.Input);
        return await FinishAsync(slot, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<float[]> FinishAsync(ITensorSlot slot, CancellationToken cancellationToken)
    {
        using (slot)
            return await slot.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}

using MedGenCluster.Curation.Models;

namespace MedGenCluster.Curation.Stages;

internal static class ModelCalls
{
    /// <summary>Reserves a slot from a thread that may block (a decoder's own).</summary>
    public static ITensorSlot Rent(this ITensorModel model, CancellationToken cancellationToken)
    {
        var renting = model.RentAsync(cancellationToken);
        return renting.IsCompletedSuccessfully ? renting.Result : renting.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Runs a filled slot and gives its place back.</summary>
    public static async Task<float[]> RunAndDisposeAsync(this ITensorSlot slot, CancellationToken cancellationToken)
    {
        using (slot)
        {
            return await slot.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

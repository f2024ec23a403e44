using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.Simulation;

/// <summary>The media of simulated clips in a real store.</summary>
public sealed class SimulatedMedia(SimulationPlan plan, IMediaStore store)
{
    public async Task<MediaRef> StoreAsync(string clip, CancellationToken cancellationToken)
    {
        var path = store.NewTemporaryPath(".mp4");
        await File.WriteAllBytesAsync(path, plan.MediaOf(clip), cancellationToken).ConfigureAwait(false);
        return await store.AdoptAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is wrong with the media that a stage was given, or null.</summary>
    public async Task<string?> FaultAsync(string clip, string? path, CancellationToken cancellationToken) => path is null
        ? "The clip came without its media."
        : (await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(plan.MediaOf(clip)) ? null : "The clip came with other media than its own.";
}

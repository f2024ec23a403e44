using System.Globalization;
using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Simulation;

/// <summary>Videos by number, without media.</summary>
public sealed class SimulatedSource(SimulationPlan plan) : IVideoSource
{
    public static VideoMetadata Video(int number) => new()
    {
        SourceKind = "simulated", SourceKey = number.ToString(CultureInfo.InvariantCulture), Location = "/nowhere", Title = "A simulated video", Description = "",
    };

    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (var i = 0; i < plan.Videos; i++)
        {
            yield return new SourceItem.Found(Video(i));
        }
    }
}

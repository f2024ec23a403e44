using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.ClusterProbe;

/// <summary>Work that some silo must carry.</summary>
[Alias("medgen.probe.IProbeGrain")]
public interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>The name of the silo that answers.</summary>
    [Alias("Where")]
    Task<string> WhereAsync();
}

[ShardPlacement, CpuPlacementFilter]
internal sealed class ProbeGrain(ILocalSiloDetails silo) : Grain, IProbeGrain
{
    public Task<string> WhereAsync() => Task.FromResult(silo.Name);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        ProbeSilo.Say($"deactivated {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }
}

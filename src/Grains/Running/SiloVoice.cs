using System.Diagnostics;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MedGenCluster.Grains.Running;

/// <summary>Tells the cluster of this silo about once a second, and knows what the others told.</summary>
internal sealed class SiloVoice(SiloWork work, ILocalSiloDetails local, IClusterMembershipService membership, ISiloMetadataCache metadata, IGrainFactory grains)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private IReadOnlyList<SiloReport> _others = [];
    private (TimeSpan Cpu, long At) _measured;

    /// <summary>The cluster's silos: who the membership says is there, with what each last told of itself.</summary>
    public IReadOnlyList<Engine.SiloStatus> Silos
    {
        get
        {
            var told = _others.ToDictionary(report => report.Name);
            return [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status is not (Orleans.Runtime.SiloStatus.Dead or Orleans.Runtime.SiloStatus.None))
                .Select(member => Status(member, told.GetValueOrDefault(member.Name))).OrderBy(silo => silo.Name, StringComparer.Ordinal)];
        }
    }

    public async Task KeepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, work.Parts.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            var board = grains.GetGrain<IThroughputGrain>(0);
            try
            {
                await board.ReportAsync(Report()).ConfigureAwait(false);
                _others = await board.SilosAsync(stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException && !stop.IsCancellationRequested)
            {
                // Pages show what was told last; nothing of the work hangs on it.
            }
        }
    }

    private SiloReport Report()
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, at) = (process.TotalProcessorTime, work.Parts.Time.GetTimestamp());
        var elapsed = work.Parts.Time.GetElapsedTime(_measured.At, at);
        var share = _measured.At == 0 || elapsed <= TimeSpan.Zero ? 0 : (cpu - _measured.Cpu) / elapsed / Environment.ProcessorCount;
        _measured = (cpu, at);
        var settings = work.Parts.Settings;
        var gpu = settings.Role.HasFlag(SiloRole.Gpu);
        return new SiloReport(
            settings.SiloName, settings.Role.ToString().ToLowerInvariant(), local.SiloAddress.Endpoint.ToString(), Environment.ProcessorCount, process.WorkingSet64, Math.Round(Math.Clamp(share, 0, 1), 3),
            gpu ? SiloRoles.GpuMemory(metadata.GetSiloMetadata(local.SiloAddress)) : null,
            gpu ? [.. work.Calls.Values.Where(call => call.Needs == Resource.Gpu).OrderBy(call => call.Id)
                .Select(call => new LaneLoadReport(call.Id, work.Activity.InFlight(call.Id), work.Executor.Waiting(call.Id)))] : [],
            work.Throughput.Take(), work.Standstill);
    }

    private Engine.SiloStatus Status(ClusterMember member, SiloReport? told)
    {
        var tags = Tags(member.SiloAddress);
        return new Engine.SiloStatus(
            member.Name, tags.GetValueOrDefault(SiloTags.Role) ?? told?.Role ?? "", member.SiloAddress.Endpoint.ToString(), Word(member.Status), told?.Processors ?? 0, told?.WorkingSet ?? 0, told?.CpuShare ?? 0,
            told?.GpuMemory, told is null ? [] : [.. told.Lanes.Select(lane => new LaneLoad(lane.Stage, lane.InFlight, lane.Queued))]);
    }

    private IReadOnlyDictionary<string, string> Tags(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata;

    private static string Word(Orleans.Runtime.SiloStatus status) => status switch
    {
        Orleans.Runtime.SiloStatus.ShuttingDown or Orleans.Runtime.SiloStatus.Stopping => "shutting-down",
        Orleans.Runtime.SiloStatus.Created or Orleans.Runtime.SiloStatus.Joining => "joining",
        _ => status.ToString().ToLowerInvariant(),
    };
}

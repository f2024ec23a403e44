using System.Runtime.InteropServices;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;

namespace MedGenCluster.Silo.Views;

/// <summary>The host's machines, workers, models and storage.</summary>
public sealed class SystemViews(RunningHost running)
{
    private static readonly TimeSpan SizeAge = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private (DateTimeOffset At, long Files, long Bytes)? _media;

    public SystemView Of()
    {
        var up = Math.Max(1, (running.Time.GetUtcNow() - running.StartedAt).TotalSeconds);
        return new SystemView(
            HostVersion.Text, running.Engine?.Kind ?? "none", RuntimeInformation.FrameworkDescription, running.StartedAt, Silos(up), [.. Enum.GetValues<Resource>().Select(resource => Worker(resource, up))],
            [.. (running.Host.Models?.Lanes ?? []).Select(lane => new LaneView(
                lane.Role, lane.Version, running.Host.Options.Inference.Provider.ToString().ToLowerInvariant(), lane.BatchLimit, lane.Batches == 0 ? null : lane.Items / (double)lane.Batches,
                lane.Batches == 0 ? null : lane.Items / (double)lane.Batches / lane.BatchLimit, Math.Clamp(lane.Busy.TotalSeconds / up / lane.Devices, 0, 1), lane.Batches, lane.Items, lane.Queue))],
            Models(running.Host), Storage(), running.TokenRequired);
    }

    public static ModelsView Models(CurationHost host) => Models(host.Options.ModelsPath) with { Runtime = host.Models?.RuntimeDescription };

    /// <param name="folder">A model pack's folder.</param>
    public static ModelsView Models(string folder)
    {
        var pack = ModelPack.Load(folder);
        return new ModelsView(
            pack.Name, pack.Version, pack.IsDemo, pack.Folder, null,
            [.. pack.Roles.Values.OrderBy(entry => entry.Role, StringComparer.Ordinal)
                .Select(entry => new ModelView(entry.Role, entry.File.Path, entry.File.Bytes, entry.File.Sha256, entry.Licence, entry.Source, entry.Version))]);
    }

    private IReadOnlyList<SiloView> Silos(double up) => running.Engine?.Silos is { Count: > 0 } silos ? [.. silos.Select(Map)] : [Alone(up)];

    private static SiloView Map(SiloStatus silo) => new(
        silo.Name, silo.Role, silo.Address, silo.Status, silo.Processors, silo.WorkingSetBytes, silo.CpuShare, silo.GpuMemory,
        [.. silo.Lanes.Select(lane => new SiloLaneView(lane.Stage.Name(), lane.InFlight, lane.Queued))]);

    private SiloView Alone(double up)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new SiloView(
            Environment.MachineName, "all", running.Address, running.Engine is null ? "watching" : running.Blocked is null ? "working" : "blocked", Environment.ProcessorCount, process.WorkingSet64,
            Math.Round((process.TotalProcessorTime.TotalSeconds + running.Host.Processes.Totals.Values.Sum(program => program.CpuSeconds)) / up / Environment.ProcessorCount, 3), null, []);
    }

    private WorkerView Worker(Resource resource, double up)
    {
        var slots = running.Host.Options.Engine.Slots(resource);
        var stages = StageNames.All.Select(name => StageNames.TryParse(name, out var stage) ? stage : default).Where(stage => stage != StageId.Duplicates && running.Engine?.Needs(stage) == resource);
        return new WorkerView(
            resource.ToString().ToLowerInvariant(), slots, running.Engine?.Activity.Busy(resource) ?? 0, Math.Clamp((running.Engine?.Activity.BusySeconds(resource) ?? 0) / up / slots, 0, 1),
            [.. stages.Select(stage => stage.Name())]);
    }

    private StorageView Storage()
    {
        var data = running.Host.Data;
        var (_, files, bytes) = Media();
        return new StorageView(
            data.Root, File.Exists(data.LedgerPath) ? Size(data.LedgerPath) + Size(data.LedgerPath + "-wal") : null, bytes, files, data.FreeBytes(), running.Host.Options.Engine.MinFreeBytes);
    }

    /// <summary>The media folder is walked at most twice a minute: it may hold a million files.</summary>
    private (DateTimeOffset At, long Files, long Bytes) Media()
    {
        lock (_lock)
        {
            var now = running.Time.GetUtcNow();
            if (_media is not { } known || now - known.At > SizeAge + (known.Files * TimeSpan.FromMilliseconds(1)))
            {
                var (files, bytes) = (0L, 0L);
                foreach (var file in new DirectoryInfo(running.Host.Data.MediaPath).EnumerateFiles("*", SearchOption.AllDirectories))
                {
                    (files, bytes) = (files + 1, bytes + file.Length);
                }

                _media = known = (now, files, bytes);
            }

            return known;
        }
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}

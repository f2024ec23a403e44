namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>What a model has done since it was loaded.</summary>
/// <param name="Devices">Devices that run it.</param>
/// <param name="BatchLimit">Items of a full batch.</param>
/// <param name="Busy">Time spent executing, over all devices.</param>
/// <param name="Queue">Places that are reserved, waiting or running.</param>
public sealed record LaneStatus(string Role, string Version, bool IsDemo, int Devices, int BatchLimit, long Batches, long Items, TimeSpan Busy, int Queue);

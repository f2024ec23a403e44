using System.Diagnostics.Metrics;

namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>Measurements of the inference engines, tagged with the model's role.</summary>
public static class ModelInstruments
{
    public const string MeterName = "MedGenCluster.GpuWorkers";

    private static readonly Meter Meter = new(MeterName);

    internal static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("medgen.model.batch.size", "{item}", "Items of an executed batch.");

    internal static readonly UpDownCounter<int> QueueDepth = Meter.CreateUpDownCounter<int>("medgen.model.queue.depth", "{item}", "Places that are reserved, waiting or running.");

    internal static readonly Counter<double> BusySeconds = Meter.CreateCounter<double>("medgen.model.busy", "s", "Time spent executing.");

    internal static readonly Counter<long> FailedItems = Meter.CreateCounter<long>("medgen.model.failures", "{item}", "Items whose execution failed.");
}

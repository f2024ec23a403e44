using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Silo;

/// <summary>The memory of this machine's GPUs, as the driver's program tells it.</summary>
public sealed class GpuMemory(IProcessRunner processes)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of the smallest GPU, as every GPU holds every model; null where there is no driver or no GPU.</summary>
    public async Task<long?> DetectAsync(CancellationToken cancellationToken)
    {
        var result = await processes.RunAsync(
            new ProcessSpec("nvidia-smi", ["--query-gpu=memory.total", "--format=csv,noheader,nounits"], TimeLimit: Limit), null, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? Parse(result.Output) : null;
    }

    /// <param name="output">A line for each GPU: MiB.</param>
    internal static long? Parse(string output)
    {
        var sizes = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) ? mebibytes << 20 : (long?)null).ToList();
        return sizes.Count == 0 || sizes.Contains(null) ? null : sizes.Min();
    }
}

using System.ClientModel.Primitives;

namespace MedGenCluster.GpuWorkers.Captioning;

/// <summary>The client library's retries (408, 429, 5xx and broken connections, Retry-After honoured, else exponential), on the
/// injected clock. It is the only layer that retries a request.</summary>
internal sealed class TimedRetryPolicy(int maxRetries, TimeProvider time) : ClientRetryPolicy(maxRetries)
{
    protected override Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken) => Task.Delay(duration, time, cancellationToken);
}

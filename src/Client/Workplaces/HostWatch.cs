using System.Net.ServerSentEvents;
using MedGenCluster.Client.Views;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Workplaces;

/// <summary>Shows what a host does, by its event stream: nothing is asked for while nothing changes.</summary>
internal sealed class HostWatch(HostConnection host, RemoteWorkplace workplace, long? job)
{
    private volatile FunnelView? _funnel;
    private volatile Pulse? _pulse;

    /// <summary>Draws until the job (or every job) is at rest.</summary>
    public async Task RunAsync(Output output, CancellationToken cancellationToken)
    {
        _funnel = await workplace.FunnelAsync(job, cancellationToken);
        await new ProgressView(output, () => _funnel!, () => _pulse?.Blocked, () => _pulse?.Standstill).RunAsync(FollowAsync(cancellationToken));
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var answer = await host.OpenAsync("api/events", "text/event-stream", cancellationToken);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var message in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (message.EventType != "pulse")
                {
                    continue;
                }

                _pulse = host.Parse<Pulse>(message.Data);
                _funnel = await workplace.FunnelAsync(job, cancellationToken);
                // A pulse names the jobs that move; a list of all settles it where none of them does.
                if (!(await workplace.JobsAsync(cancellationToken)).Any(row => row.State == "running" && (job is null || row.Id == job)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw host.Broken(exception);
        }

        throw new WorkplaceException($"the host at {host.Address} ended; what was submitted goes on when it is started again.");
    }
}

using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Lanes;

// One item on one lane: the ticket, the wait, and what is made of silence.
internal sealed partial class LaneRouter
{
    /// <param name="Executed">Null where the lane did not run it: another is to be asked.</param>
    /// <param name="Died">The lane's silo died with the item in hand.</param>
    private readonly record struct Turn(ExecutedStage? Executed, bool Died);

    private bool IsActive(LaneWindow lane) => _silos.Active().Exists(silo => silo.Address.Equals(lane.Silo));

    private async Task<Turn> TryOnAsync(LaneWindow lane, LaneTicket ticket, CancellationToken cancellationToken)
    {
        var accepted = false;
        var told = new TaskCompletionSource<LaneReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[ticket.Operation] = told;
        var ended = false;
        try
        {
            var grain = _grains.GetGrain<IGpuLaneGrain>(lane.Key);
            var answer = await grain.SubmitAsync(ticket, cancellationToken).ConfigureAwait(false);
            if (answer.Kind != LaneAnswerKind.Accepted)
            {
                lock (_lock)
                {
                    lane.Refused(answer.Capacity);
                    lane.NotBefore = _parts.Time.GetUtcNow() + answer.RetryAfter;
                }

                ended = true;
                return default;
            }

            accepted = true;
            lock (_lock)
            {
                lane.Accepted(answer.Capacity);
            }

            var report = await ReportAsync(lane, grain, ticket, told.Task, cancellationToken).ConfigureAwait(false);
            return report?.Result is { } result ? new Turn(new ExecutedStage(result.ToResult(), report.Seconds), false) : new Turn(null, report is null && !IsActive(lane));
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException && !cancellationToken.IsCancellationRequested)
        {
            LogLane(_log, lane.SiloName, ticket.Stage.Name(), exception.Message);
            lock (_lock)
            {
                lane.NotBefore = _parts.Time.GetUtcNow() + Suspicion;
            }

            return new Turn(null, accepted && exception is SiloUnavailableException);
        }
        finally
        {
            _open.TryRemove(ticket.Operation, out _);
            if (!ended)
            {
                lock (_lock)
                {
                    lane.Reported();
                }
            }

            Dispatch(ticket.Stage);
        }
    }

    /// <returns>Null where the lane is gone or has forgotten the item.</returns>
    private async Task<LaneReport?> ReportAsync(LaneWindow lane, IGpuLaneGrain grain, LaneTicket ticket, Task<LaneReport> told, CancellationToken cancellationToken)
    {
        var limit = _parts.Options.LaneLimit;
        var started = _parts.Time.GetTimestamp();
        var asked = started;
        while (true)
        {
            var changed = _changed.Next;
            if (IsActive(lane))
            {
                await Task.WhenAny(told, changed.WaitAsync(_parts.Options.LaneAskEvery, _parts.Time, cancellationToken)).ConfigureAwait(false);
            }

            if (told.IsCompleted)
            {
                lock (_lock)
                {
                    lane.Answered();
                }

                return await told.ConfigureAwait(false);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                grain.CallOffAsync(ticket).Ignore();
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!IsActive(lane))
            {
                return null;
            }

            if (_parts.Time.GetElapsedTime(started) > limit)
            {
                grain.CallOffAsync(ticket).Ignore();
                lock (_lock)
                {
                    lane.Hung(_parts.Time.GetUtcNow(), limit);
                }

                LogHung(_log, lane.SiloName, ticket.Stage.Name(), ticket.Item, limit);
                return new LaneReport(
                    ticket.Owner, ticket.Number, ticket.Item, ticket.Stage, new StageOutcome(1, $"The lane of {lane.SiloName} gave no result within {limit}.", Retryable: true), limit.TotalSeconds);
            }

            if (_parts.Time.GetElapsedTime(asked) >= _parts.Options.LaneAskEvery)
            {
                asked = _parts.Time.GetTimestamp();
                if (!await grain.HoldsAsync(ticket, cancellationToken).ConfigureAwait(false) && !told.IsCompleted)
                {
                    return null;
                }
            }
        }
    }
}

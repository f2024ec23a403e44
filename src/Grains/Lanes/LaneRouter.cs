using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Lanes;

/// <summary>Brings the items of this silo to the lanes of GPU silos: to the one with most room, within its window, first come, first served. An item whose lane died, gave it
/// back or forgot it goes to another. Where no lane will do, items wait, and <see cref="Standstill"/> says why.</summary>
internal sealed partial class LaneRouter : ILaneListener
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(5);

    /// <summary>Silos that an item may take down with it in one stage before it is put aside.</summary>
    private const int MaxDeaths = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<StageId, List<LaneWindow>> _lanes = [];
    private readonly Dictionary<StageId, LinkedList<TaskCompletionSource<LaneWindow>>> _waiting = [];
    private readonly ConcurrentDictionary<(string, long, StageId), TaskCompletionSource<LaneReport>> _open = new();
    private readonly ConcurrentDictionary<StageId, string> _standstill = new();
    private readonly Wake _changed = new();
    private readonly ClusterParts _parts;
    private readonly IGpuSilos _silos;
    private readonly IGrainFactory _grains;
    private readonly ILogger<LaneRouter> _log;
    private ILaneListener? _listener;

    public LaneRouter(ClusterParts parts, IGpuSilos silos, IGrainFactory grains, ILogger<LaneRouter> log)
    {
        (_parts, _silos, _grains, _log) = (parts, silos, grains, log);
    }

    /// <summary>Why items wait for a lane, or null.</summary>
    public string? Standstill => _standstill.OrderBy(pair => pair.Key).Select(pair => pair.Value).FirstOrDefault();

    /// <summary>The membership or a silo's metadata has changed: lanes are found anew, and whatever was on a silo that is gone goes elsewhere.</summary>
    public void Refresh()
    {
        var active = _silos.Active();
        var stages = _parts.Stages.Video.Keys.Concat(_parts.Stages.Clip.Keys).Where(stage => _parts.Stages.Needs(stage) == Resource.Gpu).ToList();
        lock (_lock)
        {
            foreach (var stage in stages)
            {
                RefreshStage(stage, active);
            }
        }

        _changed.Signal();
        foreach (var stage in stages)
        {
            Dispatch(stage);
        }
    }

    /// <summary>This silo, for lanes to tell how its items went.</summary>
    public ILaneListener Listener => _listener ?? throw new InvalidOperationException("The silo does not listen to lanes yet.");

    /// <summary>Begins to listen; once, outside of any grain's turn, when the silo has joined.</summary>
    public void Listen() => _listener = _grains.CreateObjectReference<ILaneListener>(this);

    /// <summary>A lane tells how an item went. A late or a second report finds nobody waiting.</summary>
    public Task ToldAsync(LaneReport report)
    {
        if (_open.TryGetValue(report.Operation, out var waiting))
        {
            waiting.TrySetResult(report);
        }

        return Task.CompletedTask;
    }

    /// <summary>Has a stage run on an item by a lane.</summary>
    /// <param name="first">The item's worker has died: it goes before all that wait, so that what a silo leaves behind is not queued behind everything that others have begun.</param>
    /// <param name="waiting">Ends the wait for a lane: what lies on one goes on.</param>
    /// <param name="running">Calls off what lies on a lane.</param>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public async Task<ExecutedStage> RunAsync(LaneTicket ticket, bool first, CancellationToken waiting, CancellationToken running)
    {
        var deaths = 0;
        for (var again = first; ; again = true)
        {
            var lane = await AcquireAsync(ticket.Stage, again, waiting).ConfigureAwait(false);
            var turn = await TryOnAsync(lane, ticket, running).ConfigureAwait(false);
            if (turn.Executed is { } executed)
            {
                return executed;
            }

            deaths += turn.Died ? 1 : 0;
            if (deaths == MaxDeaths)
            {
                LogFatal(_log, ticket.Item, ticket.Stage.Name(), deaths);
                return new ExecutedStage(new StageResult.Failed($"{deaths} GPU silos in turn died while they had it in hand; it may be what kills them.", Retryable: false), 0);
            }
        }
    }

    private void RefreshStage(StageId stage, List<GpuSilo> active)
    {
        var need = _parts.ModelMemory(stage);
        var mebibytes = (int)((need + (1L << 20) - 1) >> 20);
        var fitting = active.Where(silo => silo.Memory >= (long)mebibytes << 20).ToList();
        var known = _lanes.TryGetValue(stage, out var lanes) ? lanes : _lanes[stage] = [];
        known.RemoveAll(lane => !fitting.Exists(silo => silo.Address.Equals(lane.Silo)));
        known.AddRange(fitting.Where(silo => !known.Exists(lane => lane.Silo.Equals(silo.Address)))
            .Select(silo => new LaneWindow(silo.Address, silo.Name, new LaneKey(mebibytes, silo.Name, stage).ToString())));
        if (fitting.Count > 0)
        {
            _standstill.TryRemove(stage, out _);
        }
        else if (_waiting.GetValueOrDefault(stage)?.Count > 0)
        {
            _standstill[stage] = active.Count == 0
                ? $"{stage.Name()} waits for a GPU silo: none is in the cluster. Start one with --role gpu; work goes on by itself."
                : $"{stage.Name()} needs {mebibytes:N0} MiB of GPU memory, and the largest GPU silo ({active.MaxBy(silo => silo.Memory)!.Name}) has {active.Max(silo => silo.Memory) >> 20:N0}. Add a larger one; work goes on by itself.";
        }
    }

    /// <param name="again">An item that has had its turn and comes back from a lane that died or was busy, or whose own silo died, goes before all that wait.</param>
    private async Task<LaneWindow> AcquireAsync(StageId stage, bool again, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<LaneWindow>> place;
        lock (_lock)
        {
            var queue = _waiting.TryGetValue(stage, out var waiting) ? waiting : _waiting[stage] = [];
            if ((again || queue.Count == 0) && Pick(stage) is { } lane)
            {
                return lane;
            }

            var turn = new TaskCompletionSource<LaneWindow>(TaskCreationOptions.RunContinuationsAsynchronously);
            place = again ? queue.AddFirst(turn) : queue.AddLast(turn);
            if (queue.Count == 1)
            {
                // The first to wait finds out why.
                RefreshStage(stage, _silos.Active());
            }
        }

        try
        {
            return await place.Value.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.Value.Task.IsCompletedSuccessfully)
                {
                    place.Value.Task.Result.Lost();
                }
                else
                {
                    _waiting[stage].Remove(place);
                }
            }

            Dispatch(stage);
            throw;
        }
    }

    /// <summary>The lane with most room; taken.</summary>
    private LaneWindow? Pick(StageId stage)
    {
        var now = _parts.Time.GetUtcNow();
        var lane = _lanes.GetValueOrDefault(stage)?.Where(lane => lane.HasRoom(now)).MinBy(lane => lane.Load);
        lane?.Take();
        return lane;
    }

    /// <summary>Gives lanes with room to whoever waits.</summary>
    public void Dispatch(StageId stage)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(stage, out var queue))
            {
                return;
            }

            while (queue.First is { } first && Pick(stage) is { } lane)
            {
                queue.RemoveFirst();
                if (!first.Value.TrySetResult(lane))
                {
                    lane.Lost();
                }
            }
        }
    }

    /// <summary>Looks every second: a lane that was busy or suspect may be asked again.</summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, _parts.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            Refresh();
        }
    }
}

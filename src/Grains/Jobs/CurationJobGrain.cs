using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MedGenCluster.Grains.Jobs;

/// <inheritdoc cref="ICurationJobGrain"/>
/// <remarks>The job's specification and desired state are the ledger's, where every command writes them; what the grain keeps of its own is how the job is cut into shards, which
/// must not change while it runs. A reminder wakes it where all silos were away.</remarks>
[CpuPlacementFilter, ShardPlacement, Reentrant]
internal sealed partial class CurationJobGrain(
    SiloWork work, ShardHome home, JobEnding ending, [PersistentState("job", SiloConfiguration.Storage)] IPersistentState<JobGrainState> state, IGrainFactory grains, ILogger<CurationJobGrain> log)
    : Grain, ICurationJobGrain, IRemindable, IDisposable
{
    /// <summary>A hold that is not repeated within this time ends by itself.</summary>
    public static readonly TimeSpan HoldLasts = TimeSpan.FromSeconds(30);

    private const string Reminder = "keep";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReminderEvery = TimeSpan.FromMinutes(1);

    private readonly JobHold _hold = new(work.Parts.Time, HoldLasts);
    private readonly SemaphoreSlim _ordering = new(1);
    private readonly Wake _wake = new();
    private readonly Dictionary<int, ShardStatus> _shards = [];
    private (Task Task, CancellationTokenSource Stop)? _listing;
    private Task? _pump;
    private bool _over;

    private long Job { get; set; }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Job = this.GetPrimaryKeyLong();
        return Task.CompletedTask;
    }

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (state.State.Shards == 0)
        {
            state.State.Shards = work.Parts.Settings.Shards;
            await state.WriteStateAsync(cancellationToken);
        }

        if (_pump is null or { IsCompleted: true })
        {
            DelayDeactivation(TimeSpan.FromDays(1));
            _pump = PumpAsync();
        }

        _wake.Signal();
    }

    public async Task<int> HoldAsync(string operation, CancellationToken cancellationToken)
    {
        if (!_hold.TryTake(operation))
        {
            return -1;
        }

        var row = (await work.Ledger.JobsAsync()).FirstOrDefault(row => row.Id == Job);
        return row is null ? 0 : await OrderAsync(row);
    }

    public Task ReleaseAsync(string operation, CancellationToken cancellationToken)
    {
        _hold.Release(operation);
        _wake.Signal();
        return Task.CompletedTask;
    }

    public Task<JobStatus> StatusAsync(CancellationToken cancellationToken) => Task.FromResult(new JobStatus(
        _pump is { IsCompleted: false }, _listing is not null, _shards.Values.Sum(shard => shard.InFlight), [.. _shards.OrderBy(pair => pair.Key).Select(pair => pair.Value.Silo)], work.Standstill));

    public Task ReceiveReminder(string reminderName, TickStatus status) => EnsureAsync(CancellationToken.None);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _over = true;
        _wake.Signal();
        if (_listing is { } listing)
        {
            await listing.Stop.CancelAsync();
        }
    }

    public void Dispose() => _ordering.Dispose();

    private async Task PumpAsync()
    {
        IGrainReminder? reminder = null;
        try
        {
            while (!_over && !work.Draining.IsCancellationRequested)
            {
                var wake = _wake.Next;
                try
                {
                    var row = (await work.Ledger.JobsAsync()).FirstOrDefault(row => row.Id == Job);
                    var running = row is { State: JobState.Running };
                    if (running)
                    {
                        reminder ??= await this.RegisterOrUpdateReminder(Reminder, ReminderEvery, ReminderEvery);
                    }

                    if (row is null || (await LookAsync(row) && !running))
                    {
                        break;
                    }
                }
                catch (Exception exception) when (!_over && !work.Stopping.IsCancellationRequested)
                {
                    LogTrouble(log, Job, exception);
                }

                await WaitAsync(wake);
            }
        }
        finally
        {
            await EndListingAsync();
            if (!_over && !work.Draining.IsCancellationRequested && reminder is not null)
            {
                await this.UnregisterReminder(reminder);
            }

            Leave();
        }
    }

    /// <summary>A silo that drains is a member until what runs on it has ended: a job that had only gone would be activated on it again and do nothing until then.</summary>
    private void Leave()
    {
        if (work.Draining.IsCancellationRequested && home.Elsewhere($"{Job}") is { } silo)
        {
            GrainContext.Migrate(new Dictionary<string, object> { [IPlacementDirector.PlacementHintKey] = silo });
        }
        else
        {
            GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The job has nothing to do here."));
        }
    }

    /// <returns>True where nothing of the job is in flight.</returns>
    private async Task<bool> LookAsync(JobRow row)
    {
        if (_listing is { } listing && (listing.Task.IsCompleted || row.State != JobState.Running))
        {
            await EndListingAsync();
        }
        else if (_listing is null && row is { State: JobState.Running, Listed: false })
        {
            StartListing(row);
        }

        var inFlight = await OrderAsync(row);
        if (row.State == JobState.Running && !_hold.IsHeld && row.Listed && _listing is null && inFlight == 0 && !await ending.TryEndAsync(row, work.Stopping))
        {
            // Whatever is open waits for its time, or for a word that a dying silo did not say.
            await work.Ledger.SettleVideosAsync(null);
        }

        return inFlight == 0;
    }

    /// <summary>One order after another: a hold that returns has been heard by all shards, and no older order comes after it.</summary>
    /// <returns>Items in flight.</returns>
    private async Task<int> OrderAsync(JobRow row)
    {
        await _ordering.WaitAsync();
        try
        {
            return await OrderAsync(row, row.State == JobState.Running && !_hold.IsHeld);
        }
        finally
        {
            _ordering.Release();
        }
    }

    private async Task<int> OrderAsync(JobRow row, bool running)
    {
        var options = work.Parts.Options;
        var shards = state.State.Shards == 0 ? work.Parts.Settings.Shards : state.State.Shards;
        var digest = JobBook.Digest(row.Options);
        var waiting = StageOrder.Clip(row.Options.Order).Stages.Sum(stage => work.Ledger.Pending(row.Id, stage));
        var tasks = new Task<ShardStatus>[shards];
        for (var shard = 0; shard < shards; shard++)
        {
            var slots = ShardSlots.Of(shard, shards);
            tasks[shard] = grains.GetGrain<IShardGrain>($"{row.Id}/{shard}").EnsureAsync(
                new ShardOrder(
                    row.Id, slots.First, slots.End, running, Math.Max(1, options.VideosInFlight / shards), Math.Max(2, options.HighWater / shards), digest, waiting >= options.HighWater),
                CancellationToken.None);
        }

        for (var shard = 0; shard < shards; shard++)
        {
            _shards[shard] = await tasks[shard];
        }

        return _shards.Values.Sum(shard => shard.InFlight);
    }

    private void StartListing(JobRow row)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(work.Draining);

        // The listing is not in the grain's turns and may not touch what is the grain's.
        var shards = state.State.Shards;
        var lister = new SourceLister(
            work.Ledger, work.Parts.OpenSource, work.Note, () => NudgeAll(grains, row.Id, shards), WaitForRoomAsync, work.Parts.Time, work.Parts.Logs.CreateLogger<SourceLister>());
        var task = Task.Run(() => lister.RunAsync(row, stop.Token), CancellationToken.None);
        _listing = (task, stop);
        _ = task.ContinueWith(_ => _wake.Signal(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static void NudgeAll(IGrainFactory grains, long job, int shards)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            grains.GetGrain<IShardGrain>($"{job}/{shard}").NudgeAsync().Ignore();
        }
    }

    private async Task WaitForRoomAsync(long job, CancellationToken stop)
    {
        while (work.Ledger.Pending(job, StageId.Screen) >= work.Parts.Options.ListedAhead)
        {
            await Task.Delay(Tick, work.Parts.Time, stop);
        }
    }

    private async Task EndListingAsync()
    {
        if (_listing is not { } listing)
        {
            return;
        }

        _listing = null;
        await listing.Stop.CancelAsync();
        await listing.Task;
        listing.Stop.Dispose();
    }

    private async Task WaitAsync(Task wake)
    {
        try
        {
            await wake.WaitAsync(Tick, work.Parts.Time, work.Draining);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job} met a surprise; it goes on.")]
    private static partial void LogTrouble(ILogger logger, long job, Exception exception);
}

/// <summary>What a job's grain keeps.</summary>
[GenerateSerializer, Alias("medgen.job-grain-state")]
public sealed class JobGrainState
{
    /// <summary>Slices that the job is cut into; 0 before its first start.</summary>
    [Id(0)]
    public int Shards { get; set; }
}

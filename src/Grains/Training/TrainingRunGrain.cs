using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Utilities;

namespace MedGenCluster.Grains.Training;

/// <inheritdoc cref="ITrainingRunGrain"/>
/// <remarks>Interprets <see cref="TrainingLifecycle"/>. Stored at boundaries (claimed, a checkpoint, an end, a command), not with every line of progress. Not reentrant: what is stored
/// and what is in memory are the same between two calls.</remarks>
[CpuPlacementFilter, ShardPlacement]
internal sealed class TrainingRunGrain(
    [PersistentState("training", SiloConfiguration.Storage)] IPersistentState<TrainingRunState> stored, TimeProvider time, ILogger<TrainingRunGrain> log)
    : Grain, ITrainingRunGrain, IRemindable
{
    /// <summary>A worker that is silent for this long is lost; it says something with every step, and while it prepares data or writes a checkpoint.</summary>
    public static readonly TimeSpan LeaseLasts = TimeSpan.FromMinutes(2);

    private const string Reminder = "keep";
    private const int ResumptionsKept = 32;
    private static readonly TimeSpan ReminderEvery = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<ITrainingListener> _listeners = new(TimeSpan.FromMinutes(5), log);
    private TrainingLife _life = TrainingLife.Start();
    private TrainingLine? _line;

    private DateTimeOffset Now => time.GetUtcNow();

    private DateTimeOffset Until => Now + LeaseLasts;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Order is not null)
        {
            _life = TrainingLifecycle.Apply(stored.State.ToLife(), new TrainingEvent.Recovered(Until), RetryPolicy.Default, Now).Life;
        }

        return Task.CompletedTask;
    }

    public async Task<CommandResult> StartAsync(TrainingOrder order, CancellationToken cancellationToken)
    {
        if (stored.State.Order is { } known)
        {
            await RemindAsync();
            return Same(known, order)
                ? new(CommandAnswer.NothingToDo)
                : new(CommandAnswer.Refused, $"The training run {this.GetPrimaryKeyString()} was started with another dataset, code or arguments; start this one under a new id.");
        }

        if (order.DatasetManifestSha256.Length != 64 || !order.DatasetManifestSha256.All(char.IsAsciiHexDigitLower))
        {
            return new(CommandAnswer.Refused, $"{nameof(order.DatasetManifestSha256)} is '{order.DatasetManifestSha256}'; it must be the 64 lower-case hexadecimal digits of an export's manifest.");
        }

        await KeepAsync(TrainingLife.Start(), state => state.Order = order);
        await RemindAsync();
        return new(CommandAnswer.Done);
    }

    public async Task<TrainingWork?> ClaimAsync(string operation, CancellationToken cancellationToken)
    {
        if (!await ApplyAsync(new TrainingEvent.Claimed(operation, Until)))
        {
            return null;
        }

        return new TrainingWork(operation, stored.State.Order!, stored.State.Checkpoint, _life.Until);
    }

    public async Task<TrainingAdvice> ProgressAsync(string operation, TrainingLine line, CancellationToken cancellationToken)
    {
        var advice = await AdviseAsync(new TrainingEvent.Progressed(operation, Until));
        if (advice != TrainingAdvice.Lost)
        {
            _line = line;
            Tell();
        }

        return advice;
    }

    public Task<TrainingAdvice> CheckpointAsync(string operation, CheckpointReference checkpoint, CancellationToken cancellationToken) =>
        AdviseAsync(new TrainingEvent.Checkpointed(operation, new TrainingCheckpoint(checkpoint.Step, checkpoint.Sha256), Until));

    public Task<bool> EndAsync(string operation, TrainingEnd end, string? reason, bool retryable, CancellationToken cancellationToken) => ApplyAsync(end switch
    {
        TrainingEnd.Finished => new TrainingEvent.Finished(operation),
        TrainingEnd.Stopped => new TrainingEvent.Stopped(operation),
        _ => new TrainingEvent.Crashed(operation, reason ?? "Its worker did not say why.", retryable),
    });

    public Task<CommandResult> CancelAsync(CancellationToken cancellationToken) => CommandAsync(new TrainingEvent.CancelRequested());

    public Task<CommandResult> ResumeAsync(string operation, CancellationToken cancellationToken) => stored.State.Resumptions.Contains(operation)
        ? Task.FromResult(new CommandResult(CommandAnswer.NothingToDo))
        : CommandAsync(new TrainingEvent.ResumeRequested(), state => state.Resumptions = [.. state.Resumptions.TakeLast(ResumptionsKept - 1), operation]);

    public async Task<TrainingStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        await ApplyAsync(new TrainingEvent.Looked());
        return Status();
    }

    public Task ListenAsync(ITrainingListener listener, CancellationToken cancellationToken)
    {
        _listeners.Subscribe(listener, listener);
        return Task.CompletedTask;
    }

    /// <summary>Wakes the run after all silos were away, and looks whether its worker was lost.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await ApplyAsync(new TrainingEvent.Looked());
        await RemindAsync();
        Tell();
    }

    private async Task<CommandResult> CommandAsync(TrainingEvent command, Action<TrainingRunState>? also = null)
    {
        if (stored.State.Order is null)
        {
            return new(CommandAnswer.Unknown);
        }

        var done = await ApplyAsync(command, also);
        await RemindAsync();
        return new(done ? CommandAnswer.Done : CommandAnswer.NothingToDo);
    }

    private async Task<TrainingAdvice> AdviseAsync(TrainingEvent happened) =>
        !await ApplyAsync(happened) ? TrainingAdvice.Lost : _life.Phase == TrainingPhase.Stopping ? TrainingAdvice.Stop : TrainingAdvice.GoOn;

    private async Task<bool> ApplyAsync(TrainingEvent happened, Action<TrainingRunState>? also = null)
    {
        if (stored.State.Order is null)
        {
            return false;
        }

        var (life, taken, remember) = TrainingLifecycle.Apply(_life, happened, RetryPolicy.Default, Now);
        if (remember)
        {
            await KeepAsync(life, taken ? also : null);
        }
        else
        {
            _life = life;
        }

        return taken;
    }

    /// <summary>Stores, and only then holds what is new: where another activation has written, this one is put down and the next reads what is there.</summary>
    private async Task KeepAsync(TrainingLife life, Action<TrainingRunState>? also)
    {
        stored.State.Set(life);
        also?.Invoke(stored.State);
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        _life = life;
        if (life.IsTerminal)
        {
            await RemindAsync();
        }

        Tell();
    }

    private async Task RemindAsync()
    {
        if (stored.State.Order is not null && !_life.IsTerminal)
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderEvery, ReminderEvery);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private void Tell()
    {
        if (Status() is { } status)
        {
            _listeners.Notify(listener => listener.ToldAsync(this.GetPrimaryKeyString(), status)).Ignore();
        }
    }

    private TrainingStatus? Status() =>
        stored.State.Order is { } order ? new(_life.Phase.ToString().ToLowerInvariant(), _life.Attempts, stored.State.Checkpoint, _line, _life.Reason, order) : null;

    private static bool Same(TrainingOrder one, TrainingOrder other) =>
        one.DatasetManifestSha256 == other.DatasetManifestSha256 && one.CodeVersion == other.CodeVersion
        && one.Arguments.Count == other.Arguments.Count && one.Arguments.All(pair => other.Arguments.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

using System.Numerics;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Utilities;

namespace MedGenCluster.Grains.Generation;

/// <inheritdoc cref="IGenerationJobGrain"/>
/// <remarks>Interprets <see cref="GenerationLifecycle"/>. Not reentrant: what is stored and what is in memory are the same between two calls.</remarks>
[CpuPlacementFilter, ShardPlacement]
internal sealed class GenerationJobGrain(
    [PersistentState("generation", SiloConfiguration.Storage)] IPersistentState<GenerationJobState> stored, TimeProvider time, ILogger<GenerationJobGrain> log)
    : Grain, IGenerationJobGrain, IRemindable
{
    /// <summary>A worker that is silent for this long is lost. Longer than one item takes a slow model between two renewals.</summary>
    public static readonly TimeSpan LeaseLasts = TimeSpan.FromMinutes(2);

    private const string Reminder = "keep";
    private const int RetriesKept = 32;
    private static readonly TimeSpan ReminderEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly ObserverManager<IGenerationListener> _listeners = new(TimeSpan.FromMinutes(5), log);
    private GenerationSpecification? _specification;
    private GenerationState _state;
    private GenerationSlice[] _slices = [];

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Order is { } order)
        {
            Load(order);
            var until = Now + LeaseLasts;
            _slices = [.. _slices.Select(slice => GenerationLifecycle.Apply(slice, new GenerationEvent.Recovered(until), RetryPolicy.Default, Now).Slice)];
        }

        return Task.CompletedTask;
    }

    public async Task<CommandResult> StartAsync(GenerationOrder order, CancellationToken cancellationToken)
    {
        if (stored.State.Order is { } known)
        {
            await RemindAsync();
            return known == order
                ? new(CommandAnswer.NothingToDo)
                : new(CommandAnswer.Refused, $"The generation {this.GetPrimaryKeyString()} was started with another specification; start this one under a new id.");
        }

        if (Specification(order).Validate() is { Count: > 0 } errors)
        {
            return new(CommandAnswer.Refused, string.Join(" ", errors));
        }

        await KeepAsync(GenerationState.Running, Fresh(order), state => state.Order = order);
        await RemindAsync();
        return new(CommandAnswer.Done);
    }

    public async Task<GenerationWork?> LeaseAsync(string operation, CancellationToken cancellationToken)
    {
        if (stored.State.Order is not { } order)
        {
            return null;
        }

        await LookAsync();
        if (_state != GenerationState.Running)
        {
            return new GenerationWork(operation, -1, [], null, default, null);
        }

        var held = Array.FindIndex(_slices, slice => slice.Lease?.Operation == operation);
        foreach (var number in held >= 0 ? [held] : Enumerable.Range(0, _slices.Length))
        {
            if (await ApplyAsync(number, new GenerationEvent.Claimed(operation, Now + LeaseLasts)))
            {
                return Work(order, operation, number);
            }
        }

        var next = _slices.Where(slice => !slice.IsSettled && slice.Lease is null).Select(slice => slice.NotBefore).Append(Now + AskAgain).Min();
        return new GenerationWork(operation, -1, [], null, default, next);
    }

    public Task<bool> ReportAsync(GenerationReport report, CancellationToken cancellationToken) => ApplyAsync(report.Slice, report.Failure is { } failure
        ? new GenerationEvent.ItemFailed(report.Operation, report.Item, failure, report.Retryable, Now + LeaseLasts)
        : new GenerationEvent.ItemDone(report.Operation, report.Item, Now + LeaseLasts));

    public Task<bool> RenewAsync(string operation, int slice, CancellationToken cancellationToken) => ApplyAsync(slice, new GenerationEvent.Renewed(operation, Now + LeaseLasts));

    public Task GiveBackAsync(string operation, int slice, CancellationToken cancellationToken) => ApplyAsync(slice, new GenerationEvent.GivenBack(operation));

    public async Task<CommandResult> CancelAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Order is null)
        {
            return new(CommandAnswer.Unknown);
        }

        if (GenerationLifecycle.Cancel(_state) is var next && next == _state)
        {
            return new(CommandAnswer.NothingToDo);
        }

        await KeepAsync(next, [.. _slices.Select(slice => GenerationLifecycle.Apply(slice, new GenerationEvent.Revoked(), RetryPolicy.Default, Now).Slice)]);
        await RemindAsync();
        return new(CommandAnswer.Done);
    }

    public async Task<CommandResult> RetryAsync(string operation, CancellationToken cancellationToken)
    {
        if (stored.State.Order is null)
        {
            return new(CommandAnswer.Unknown);
        }

        GenerationSlice[] slices = [.. _slices.Select(slice => GenerationLifecycle.Apply(slice, new GenerationEvent.RetryRequested(), RetryPolicy.Default, Now).Slice)];
        var next = GenerationLifecycle.Retry(_state, slices);
        if (stored.State.Retries.Contains(operation) || (next == _state && _slices.All(slice => slice.Dead == 0)))
        {
            return new(CommandAnswer.NothingToDo);
        }

        await KeepAsync(next, slices, state => state.Retries = [.. state.Retries.TakeLast(RetriesKept - 1), operation]);
        await RemindAsync();
        return new(CommandAnswer.Done);
    }

    public async Task<GenerationStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Order is null)
        {
            return null;
        }

        await LookAsync();
        return Status();
    }

    public Task<IReadOnlyList<GenerationDeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<GenerationDeadLetter>>(
    [
        .. _slices.SelectMany((slice, number) => Bits(slice.Dead).Select(item => (slice, Of: _specification!.Item(number, item), item)))
            .Take(Math.Clamp(limit, 1, 1000))
            .Select(dead => new GenerationDeadLetter(dead.Of.Prompt, dead.Of.Seed, dead.slice.Attempts.GetValueOrDefault(dead.item), dead.slice.Reasons.GetValueOrDefault(dead.item, ""))),
    ]);

    public Task ListenAsync(IGenerationListener listener, CancellationToken cancellationToken)
    {
        _listeners.Subscribe(listener, listener);
        return Task.CompletedTask;
    }

    /// <summary>Wakes the job after all silos were away, and looks for workers that were lost.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await LookAsync();
        await RemindAsync();
        Tell();
    }

    private async Task<bool> ApplyAsync(int number, GenerationEvent happened)
    {
        if (_state != GenerationState.Running || number < 0 || number >= _slices.Length)
        {
            return false;
        }

        var (slice, taken, remember) = GenerationLifecycle.Apply(_slices[number], happened, RetryPolicy.Default, Now);
        if (!remember)
        {
            _slices[number] = slice;
            return taken;
        }

        GenerationSlice[] slices = [.. _slices];
        slices[number] = slice;
        await KeepAsync(_state, slices);
        return taken;
    }

    private async Task LookAsync()
    {
        if (_state != GenerationState.Running)
        {
            return;
        }

        var looked = _slices.Select(slice => GenerationLifecycle.Apply(slice, new GenerationEvent.Looked(), RetryPolicy.Default, Now)).ToList();
        if (looked.Exists(look => look.Remember))
        {
            await KeepAsync(_state, [.. looked.Select(look => look.Slice)]);
        }
    }

    /// <summary>Stores, and only then holds what is new: where another activation has written, this one is put down and the next reads what is there.</summary>
    private async Task KeepAsync(GenerationState wanted, GenerationSlice[] slices, Action<GenerationJobState>? also = null)
    {
        var state = GenerationLifecycle.Settle(wanted, slices);
        stored.State.State = state;
        stored.State.Slices = slices.Index().Where(pair => !Untouched(pair.Item)).ToDictionary(pair => pair.Index, pair => StoredSlice.Of(pair.Item));
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

        Load(stored.State.Order!);
        if (state != GenerationState.Running)
        {
            await RemindAsync();
        }

        Tell();
    }

    private void Load(GenerationOrder order)
    {
        _specification = Specification(order);
        _state = stored.State.State;
        _slices = [.. Fresh(order).Select((fresh, number) => stored.State.Slices.TryGetValue(number, out var slice) ? slice.ToSlice(fresh.Size) : fresh)];
    }

    private async Task RemindAsync()
    {
        if (_state == GenerationState.Running)
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderEvery, ReminderEvery);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private void Tell() => _listeners.Notify(listener => listener.ToldAsync(this.GetPrimaryKeyString(), Status())).Ignore();

    private GenerationWork Work(GenerationOrder order, string operation, int number)
    {
        var slice = _slices[number];
        return new GenerationWork(
            operation, number,
            [.. Bits(slice.Lease!.Items).Select(item => (item, Of: _specification!.Item(number, item))).Select(pair => new GenerationItem(pair.item, pair.Of.Prompt, pair.Of.Seed, slice.Attempts.GetValueOrDefault(pair.item)))],
            order, slice.Lease.Until, null);
    }

    private GenerationStatus Status() => new(
        _state.ToString().ToLowerInvariant(), _specification!.Items, _slices.Sum(slice => (long)slice.DoneCount), _slices.Sum(slice => (long)slice.DeadCount),
        _slices.Sum(slice => (long)BitOperations.PopCount(slice.Lease?.Items ?? 0)), _slices.Count(slice => slice.Lease is not null));

    private static bool Untouched(GenerationSlice slice) => slice is { Done: 0, Dead: 0, OneByOne: false, Lease: null } && slice.Attempts.Count == 0;

    private static GenerationSpecification Specification(GenerationOrder order) => new(order.PromptsSha256, order.Prompts, order.Model, order.PerPrompt, order.FirstSeed, order.SliceSize);

    private static GenerationSlice[] Fresh(GenerationOrder order)
    {
        var specification = Specification(order);
        return [.. Enumerable.Range(0, specification.Slices).Select(number => GenerationSlice.Fresh(specification.SizeOf(number)))];
    }

    private static IEnumerable<int> Bits(ulong bits)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            yield return BitOperations.TrailingZeroCount(bits);
        }
    }
}

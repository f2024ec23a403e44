using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Budgets;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Postgres;
using MedGenCluster.Grains.Lanes;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains;

/// <summary>This process as a silo of a cluster. It sees to it that every running job of the ledger has its grain; the grains do the rest.</summary>
internal sealed partial class OrleansEngine : IEngine
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HoldAgain = TimeSpan.FromMilliseconds(200);

    private readonly ClusterParts _parts;
    private readonly IHost _host;
    private readonly SiloWork _work;
    private readonly SiloVoice _voice;
    private readonly IGrainFactory _grains;
    private readonly Wake _wake = new();
    private readonly ILogger _log;
    private readonly Lazy<Delegate> _pages;

    public OrleansEngine(ClusterParts parts)
    {
        var errors = parts.Options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(parts));
        }

        _parts = parts;
        _log = parts.Logs.CreateLogger<OrleansEngine>();
        _host = SiloHost.Build(parts);
        _pages = new Lazy<Delegate>(() => OrleansPages.Of(_host.Services));
        _work = _host.Services.GetRequiredService<SiloWork>();
        _voice = _host.Services.GetRequiredService<SiloVoice>();
        _grains = _host.Services.GetRequiredService<IGrainFactory>();
    }

    public string Kind => "orleans";

    public string? Blocked => _work.Blocked;

    public string? Standstill => _work.Standstill;

    public EngineActivity Activity => _work.Activity;

    public EngineOptions Options => _parts.Options;

    public Delegate? Pages => _pages.Value;

    public IReadOnlyList<Engine.SiloStatus> Silos => _voice.Silos;

    /// <summary>The silo's services, for its pages and for tests.</summary>
    internal IServiceProvider Services => _host.Services;

    public Resource Needs(StageId stage) => _parts.Stages.Needs(stage);

    public async Task<IReadOnlyList<RecentSecond>> RecentAsync(int seconds, CancellationToken cancellationToken)
    {
        var from = _parts.Time.GetUtcNow().ToUnixTimeSeconds() - seconds + 1;
        try
        {
            return [.. (await _grains.GetGrain<IThroughputGrain>(0).SecondsAsync(from, cancellationToken).ConfigureAwait(false))
                .Select(second => new RecentSecond(second.Second, second.Stage, second.Passed, second.Rejected, second.Failed, second.Busy))];
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
        {
            // No silo with the cpu role, or the one that counts has just died: nothing is known of the last minutes.
            return [];
        }
    }

    public void Wake() => _wake.Signal();

    public async Task<IAsyncDisposable> HoldAsync(long job, CancellationToken cancellationToken)
    {
        var held = new Held(this, _grains.GetGrain<ICurationJobGrain>(job), $"{_work.Owner}/{_work.NextNumber()}");
        try
        {
            await held.TakeAsync(cancellationToken).ConfigureAwait(false);
            return held;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task RunAsync(bool untilIdle, CancellationToken cancellationToken)
    {
        if (!await StartAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped);
        var tasks = new List<Task>
        {
            KeepClockAsync(stop.Token),
            _host.Services.GetRequiredService<ClusterWatch>().KeepAsync(_wake.Signal, stop.Token),
            _work.Router.KeepAsync(stop.Token),
            _voice.KeepAsync(stop.Token),
            _host.Services.GetRequiredService<ShardDesks>().KeepAsync(stop.Token),
            KeepJobsAsync(untilIdle, stop.Token),
        };
        try
        {
            // Each of them ends before it is stopped only by a surprise, but for the keeper of jobs, which ends where nothing is left.
            await (await Task.WhenAny(tasks).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await _work.DrainAsync(_parts.Settings.DrainLimit).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);

            // What waits for a database that is away is not waited for.
            await Task.WhenAll(tasks).WaitAsync(FarewellLimit, _parts.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            (_parts.Budget as ClusterBudget)?.Join(null);
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
        {
            // What still tries to reach a database that is away ends with the process.
            await host.DisposeAsync().AsTask().WaitAsync(FarewellLimit, _parts.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False where it was stopped before it had joined.</returns>
    private async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Settings is { Clustering: ClusteringBackend.Postgres, Postgres: { } database })
        {
            await OrleansSchema.CheckAsync(database, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await SetClockAsync(cancellationToken).ConfigureAwait(false);
            await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Others may know it already.
            await LeaveAsync().ConfigureAwait(false);
            return false;
        }
        catch (Exception exception)
        {
            throw new ClusterException(
                $"The silo {_parts.Settings.SiloName} cannot join the cluster {_parts.Settings.ClusterId}: {exception.GetBaseException().Message} Check its clustering options, that its ports are free, and that `medgen cluster init` was run.", exception);
        }

        (_parts.Budget as ClusterBudget)?.Join(_grains);
        _work.Router.Listen();
        _work.Router.Refresh();
        return true;
    }

    private async Task LeaveAsync()
    {
        // Where the database is away the silo cannot say goodbye, and the others miss it as one that died.
        var farewell = new CancellationTokenSource(FarewellLimit, _parts.Time);
        var stopping = _host.StopAsync(farewell.Token);
        _ = stopping.ContinueWith(_ => farewell.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await stopping.WaitAsync(FarewellLimit + FarewellLimit, _parts.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task SetClockAsync(CancellationToken cancellationToken) => _parts.Settings is { Clustering: ClusteringBackend.Postgres, Postgres: { } database }
        ? _host.Services.GetRequiredService<ClusterClock>().SetAsync(stop => PostgresClock.AskAsync(database, stop), cancellationToken)
        : Task.CompletedTask;

    /// <summary>The machine's clock may be set while the silo runs.</summary>
    private async Task KeepClockAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(ClockEvery, _parts.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            try
            {
                await SetClockAsync(stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogClock(_log, exception.Message);
            }
        }
    }

    /// <summary>Every silo does this, so that no job depends on one of them.</summary>
    private async Task KeepJobsAsync(bool untilIdle, CancellationToken stop)
    {
        while (true)
        {
            var wake = _wake.Next;
            try
            {
                await _parts.Ledger.RefreshAsync().ConfigureAwait(false);
                var jobs = await _parts.Ledger.JobsAsync().ConfigureAwait(false);
                var running = jobs.Where(job => job.State == JobState.Running).ToList();
                foreach (var job in running)
                {
                    await _grains.GetGrain<ICurationJobGrain>(job.Id).EnsureAsync(stop).ConfigureAwait(false);
                }

                if (untilIdle && running.Count == 0)
                {
                    return;
                }
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogTrouble(_log, exception);
            }

            await wake.WaitAsync(Look, _parts.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A hold is repeated while it lasts: the grain lets go of one whose holder has died.</summary>
    private sealed class Held(OrleansEngine engine, ICurationJobGrain job, string operation) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _keeping = Task.CompletedTask;

        public async Task TakeAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                var inFlight = await job.HoldAsync(operation, cancellationToken).ConfigureAwait(false);
                if (inFlight < 0)
                {
                    throw new InvalidOperationException($"Job {job.GetPrimaryKeyLong()} is held already.");
                }

                if (inFlight == 0)
                {
                    _keeping = KeepAsync();
                    return;
                }

                await Task.Delay(HoldAgain, engine._parts.Time, cancellationToken).ConfigureAwait(false);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await job.ReleaseAsync(operation, CancellationToken.None).ConfigureAwait(false);
            engine.Wake();
            _stop.Dispose();
        }

        private async Task KeepAsync()
        {
            using var timer = new PeriodicTimer(Jobs.CurationJobGrain.HoldLasts / 3, engine._parts.Time);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await job.HoldAsync(operation, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database could not be asked for its time ({Reason}); tried again.")]
    private static partial void LogClock(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "The jobs could not be looked at; tried again.")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}

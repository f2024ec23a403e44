using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>An engine over fake stages, with words for what tests do to it.</summary>
internal sealed class EngineBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, IVideoSource> _sources = [];

    /// <param name="time">A fake clock where the test moves it; the system's otherwise, with retry delays of milliseconds.</param>
    public EngineBench(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Options = new EngineOptions
        {
            CpuSlots = 2, ApiSlots = 2, GpuSlots = 1, NetworkSlots = 1,
            Retry = time is null ? new RetryPolicy(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)) : RetryPolicy.Default,
        };
        Media = new DirectoryMediaStore(_folder["media"], _folder["tmp"]);
        Ledger = OpenLedger();
    }

    public TimeProvider Time { get; }

    public EngineOptions Options { get; set; }

    public FakePipeline Pipeline { get; } = new();

    public DirectoryMediaStore Media { get; }

    public SqliteLedger Ledger { get; private set; }

    public string LedgerPath => _folder["ledger.db"];

    /// <summary>Why work must wait, or null.</summary>
    public string? Blocked { get; set; }

    /// <summary>Jobs whose end was made, in order.</summary>
    public ConcurrentQueue<long> Finished { get; } = [];

    public Func<JobRow, Task> Finish { get; set; } = _ => Task.CompletedTask;

    public SqliteLedger OpenLedger() => SqliteLedger.Open(LedgerPath, Time, NullLogger.Instance);

    public Task<JobRow> SubmitAsync(int videos, CurationOptions? options = null, int from = 0) => SubmitAsync(FakeSource.Of(videos, from), options);

    public Task<JobRow> SubmitAsync(IVideoSource source, CurationOptions? options = null)
    {
        var location = "source-" + _sources.Count;
        _sources[location] = source;
        return Ledger.CreateJobAsync(location, new SourceSpec("fake", location), options ?? new CurationOptions());
    }

    public void Replace(JobRow job, IVideoSource source) => _sources[job.Source.Location] = source;

    public EmbeddedEngine NewEngine(string owner = "engine", ILedger? ledger = null) => new(
        ledger ?? Ledger, Pipeline.Catalog(), Media, spec => _sources[spec.Location], async (job, _) =>
        {
            Finished.Enqueue(job.Id);
            await Finish(job);
        },
        () => Blocked, Options, owner, Time, NullLogger<EmbeddedEngine>.Instance);

    public async Task RunUntilIdleAsync(string owner = "engine")
    {
        await using var engine = NewEngine(owner);
        await engine.RunAsync(untilIdle: true, CancellationToken.None).Soon();
    }

    /// <summary>Starts an engine that runs until it is stopped.</summary>
    public RunningEngine Start(string owner = "engine", ILedger? ledger = null, bool untilIdle = false)
    {
        var engine = NewEngine(owner, ledger);
        var stop = new CancellationTokenSource();
        return new RunningEngine(engine, Task.Run(() => engine.RunAsync(untilIdle, stop.Token)), stop);
    }

    public async Task<JobRow> JobAsync(long job) => (await Ledger.JobsAsync()).Single(row => row.Id == job);

    public List<LedgerItem> Items(Outcome outcome, ItemKind kind = ItemKind.Clip, long? job = null) => [.. Ledger.Items(new ItemQuery(kind, job, outcome))];

    public List<string> AcceptedIds(long? job = null) => [.. Items(Outcome.Accepted, job: job).Select(item => item.Id)];

    /// <summary>Whatever happened, every item had one verdict at each stage that it went through.</summary>
    public void AssertOneVerdictForEachStage()
    {
        foreach (var item in Ledger.Items(new ItemQuery()))
        {
            var verdicts = Ledger.Trail(item.Seq).Where(line => line.Decision.Verdict is DecisionVerdict.Passed or DecisionVerdict.Rejected).Select(line => line.Decision.Stage).ToList();
            Assert.Equal(verdicts.Distinct(), verdicts);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        _folder.Dispose();
    }
}

internal sealed record RunningEngine(EmbeddedEngine Engine, Task Work, CancellationTokenSource Stop) : IAsyncDisposable
{
    public async Task StopAsync()
    {
        await Stop.CancelAsync();
        await Work.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Engine.DisposeAsync();
        Stop.Dispose();
    }
}

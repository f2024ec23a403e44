using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.TextToVideo;

namespace MedGenCluster.Silo.Views;

/// <summary>What moves: rates, forecasts, the pulse.</summary>
public sealed class LiveViews(RunningHost running)
{
    private const int MinuteBuckets = 60;
    private const int MaxBuckets = 240;

    private ILedger Ledger => running.Ledger;

    public async Task<Overview> OverviewAsync()
    {
        var jobs = await Ledger.JobsAsync().ConfigureAwait(false);
        var tallies = Ledger.Tallies;
        var forecast = Forecast();
        var views = JobViews.Of([.. jobs.Where(job => job.State is JobState.Running or JobState.Paused)], tallies, job => Eta(forecast, job));
        return new Overview(
            HostVersion.Text, running.Engine?.Kind ?? "none", running.StartedAt, running.Time.GetUtcNow(), running.Blocked, running.Engine?.Standstill, running.Host.Models?.Pack.IsDemo ?? false,
            FunnelViews.Totals(tallies, jobs.Count), views, [.. forecast.Stages.Select(Activity)], Bottleneck(forecast), jobs.Any(job => job.State == JobState.Running) ? Map(forecast.Eta(null, StageOrderKind.Paper)) : null,
            Attention(jobs, tallies));
    }

    public Eta? Eta(Forecast forecast, JobRow job) => job.State == JobState.Running ? Map(forecast.Eta(job.Id, job.Options.Order)) : null;

    public Forecast Forecast()
    {
        var now = running.Time.GetUtcNow().ToUnixTimeSeconds();
        return new Forecast(
            Ledger.Tallies, Ledger.Throughput(60, (now / 60 * 60) - 3600, null), Needs, Slots, now, running.StartedAt.ToUnixTimeSeconds());
    }

    /// <param name="hour">The last hour by minutes; else everything since the first item, in at most 240 parts.</param>
    public Throughput Throughput(bool hour, long? job)
    {
        var now = running.Time.GetUtcNow().ToUnixTimeSeconds();
        var bucket = 60L;
        var end = now / 60 * 60;
        var start = end - ((MinuteBuckets - 1) * 60);
        IReadOnlyList<ThroughputRow> rows;
        if (hour)
        {
            rows = Ledger.Throughput(60, start, job);
        }
        else
        {
            start = Ledger.FirstThroughput(3600, job) ?? end;
            if (now - start < MaxBuckets * 60)
            {
                start = Ledger.FirstThroughput(60, job) ?? end;
                bucket = Math.Max(60, (now - start) / MaxBuckets / 60 * 60);
                rows = Ledger.Throughput(60, start, job);
            }
            else
            {
                // Summed where it is stored: a year has a hundred thousand rows.
                bucket = Math.Max(3600, ((now - start) / MaxBuckets / 3600 * 3600) + 3600);
                start = start / bucket * bucket;
                rows = Ledger.Throughput(3600, start, job, bucket);
            }
        }

        var buckets = (int)((now - start) / bucket) + 1;
        var byStage = rows.GroupBy(row => row.Stage).OrderBy(stage => stage.Key);
        return new Throughput((int)bucket, [.. Enumerable.Range(0, buckets).Select(i => start + (i * bucket))], [.. byStage.Select(stage => Series(stage.Key, [.. stage], start, bucket, buckets, now))]);
    }

    /// <param name="seconds">1 to <see cref="RecentWork.Kept"/> less one.</param>
    public async Task<LiveThroughput> LiveAsync(int seconds, CancellationToken cancellationToken)
    {
        var start = running.Time.GetUtcNow().ToUnixTimeSeconds() - seconds;
        var recent = running.Engine is { } engine ? await engine.RecentAsync(seconds + 1, cancellationToken).ConfigureAwait(false) : [];
        return new LiveThroughput(start, seconds, [.. recent.Where(second => second.Second >= start && second.Second < start + seconds).GroupBy(second => second.Stage).OrderBy(stage => stage.Key).Select(stage => Series(stage, start, seconds))]);
    }

    public async Task<Scaling> ScalingAsync()
    {
        var forecast = Forecast();
        // The measured rate of the last hour; where that is empty, of all time.
        var ever = Ledger.Throughput(3600, 0, null, long.MaxValue).ToDictionary(row => row.Stage, row => row.Busy / Math.Max(1, row.Finished));
        var stages = forecast.Stages.Where(stage => stage.Needs == Resource.Gpu)
            .Select(stage => (stage, Each: stage.SecondsPerItem ?? (ever.TryGetValue(stage.Stage, out var each) ? each : (double?)null)))
            .Select(pair => new ScalingStage(pair.stage.Stage.Name(), pair.stage.Queue, pair.Each, pair.Each is { } e ? pair.stage.Queue * e : pair.stage.Queue == 0 ? 0 : null)).ToList();
        stages.AddRange(await QueuedVideos.OfAsync(running.Host.TextToVideo).ConfigureAwait(false));
        return new Scaling(stages.Sum(stage => stage.Items), stages.Exists(stage => stage.Seconds is null) ? null : stages.Sum(stage => stage.Seconds), Slots(Resource.Gpu), stages);
    }

    public async Task<Pulse> PulseAsync()
    {
        var jobs = await Ledger.JobsAsync().ConfigureAwait(false);
        var tallies = Ledger.Tallies;
        var forecast = jobs.Any(job => job.State == JobState.Running) ? Forecast() : null;
        return new Pulse(
            Revision(), running.Time.GetUtcNow(), FunnelViews.Totals(tallies, jobs.Count), running.Blocked, running.Engine?.Standstill,
            [.. JobViews.Of([.. jobs.OrderByDescending(job => job.Id).Take(20)], tallies, job => forecast is null ? null : Eta(forecast, job))
                .Select(job => new JobPulse(job.Id, job.Name, job.State, job.Progress, job.Accepted, job.Failed, job.Eta?.Seconds))],
            [.. running.Operations.All().Take(5).Select(operation => operation with { Result = null })]);
    }

    /// <summary>Moves with every change of the ledger by this process, and of the operations.</summary>
    public long Revision() => Ledger.Revision + running.Operations.Revision + (running.Blocked is null ? 0 : 1) + (running.Engine?.Standstill is null ? 0 : 1);

    private static ThroughputSeries Series(StageId stage, List<ThroughputRow> rows, long start, long bucket, int buckets, long now)
    {
        var (finished, busy) = (new double[buckets], new double[buckets]);
        foreach (var row in rows)
        {
            var at = (int)((row.Start - start) / bucket);
            if (at >= 0 && at < buckets)
            {
                finished[at] += row.Finished;
                busy[at] += row.Busy;
            }
        }

        // The bucket that is not over yet has had less time.
        double Seconds(int i) => i == buckets - 1 ? Math.Clamp(now - (start + (i * bucket)), 1, bucket) : bucket;
        return new ThroughputSeries(
            stage.Name(), [.. finished.Select((n, i) => Math.Round(n * 60 / Seconds(i), 2))], [.. busy.Select((s, i) => Math.Round(s / Seconds(i), 3))],
            rows.Sum(row => row.Passed), rows.Sum(row => row.Rejected), rows.Sum(row => row.Failed));
    }

    private static LiveSeries Series(IGrouping<StageId, RecentSecond> stage, long start, int seconds)
    {
        var finished = new int[seconds];
        foreach (var second in stage)
        {
            finished[second.Second - start] += second.Passed + second.Rejected + second.Failed;
        }

        return new LiveSeries(stage.Key.Name(), finished, stage.Sum(second => second.Passed), stage.Sum(second => second.Rejected), stage.Sum(second => second.Failed));
    }

    private StageActivity Activity(StageRate stage) => new(
        stage.Stage.Name(), Words.Of(stage.Kind), stage.Needs.ToString().ToLowerInvariant(), stage.Queue, running.Engine?.Activity.InFlight(stage.Stage) ?? 0, Math.Round(stage.PerMinute, 2),
        stage.SecondsPerItem, stage.BusyShare, stage.Slots);

    private static Bottleneck? Bottleneck(Forecast forecast) => forecast.Bottleneck() is { } pace
        ? new Bottleneck(pace.Stage.Stage.Name(), pace.Sentence, pace.Stage.Queue, pace.Stage.BusyShare, pace.Stage.PerMinute)
        : null;

    private List<Attention> Attention(IReadOnlyList<JobRow> jobs, IReadOnlyList<Tally> tallies)
    {
        var list = new List<Attention>();
        if (running.Blocked is { } blocked)
        {
            list.Add(new Attention("blocked", blocked, 1, null, null));
        }

        foreach (var job in jobs.Where(job => job.State == JobState.Failed))
        {
            list.Add(new Attention("failed-job", $"Job {job.Id} ({job.Name}) failed: {job.Error}", 1, job.Id, null));
        }

        foreach (var failed in tallies.Where(t => t.Outcome == Outcome.Failed).GroupBy(t => (t.Kind, t.Stage)))
        {
            var count = failed.Sum(t => t.Count);
            list.Add(new Attention("failed-items", $"{count:N0} {Words.Of(failed.Key.Kind)}{(count == 1 ? "" : "s")} failed at {failed.Key.Stage.Name()}.", count, null, failed.Key.Stage.Name()));
        }

        foreach (var job in jobs.Where(job => job.Skipped > 0))
        {
            list.Add(new Attention("skipped", $"Job {job.Id} ({job.Name}) skipped {job.Skipped:N0} of its source.", job.Skipped, job.Id, null));
        }

        return list;
    }

    private static Eta? Map(TimeToEnd? eta) => eta is null ? null : new Eta(Math.Round(eta.Seconds, 1), Math.Round(eta.Low, 1), Math.Round(eta.High, 1));

    private Resource Needs(StageId stage) => running.Engine?.Needs(stage) ?? Resource.Cpu;

    /// <summary>The slots of all silos that serve a resource, taken to be alike.</summary>
    private int Slots(Resource resource)
    {
        var role = resource == Resource.Gpu ? "gpu" : "cpu";
        var silos = running.Engine?.Silos.Count(silo => silo.Status == "active" && (silo.Role == role || silo.Role == "all")) ?? 0;
        return running.Host.Options.Engine.Slots(resource) * Math.Max(1, silos);
    }
}

using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Reporting;

/// <summary>How a stage has been doing.</summary>
/// <param name="Queue">Items before or in it.</param>
/// <param name="PerMinute">Items finished a minute in the recent window.</param>
/// <param name="SecondsPerItem">Slot-seconds of an item over the whole of what is looked at; null before the first.</param>
/// <param name="Busy">Mean number of busy slots in the recent window.</param>
/// <param name="BusyShare">The same as a share of the resource's slots, 0 to 1.</param>
public sealed record StageRate(StageId Stage, ItemKind Kind, Resource Needs, int Slots, long Queue, double PerMinute, double? SecondsPerItem, double Busy, double BusyShare);

/// <summary>The stage that sets the pace, with the evidence.</summary>
public sealed record PaceSetter(StageRate Stage, string Sentence);

/// <summary>Time to the end of the known work, seconds, with an 80 % interval.</summary>
public sealed record TimeToEnd(double Seconds, double Low, double High);

/// <summary>What throughput and queues say about the next hours. Pure: the same rows give the same forecast.</summary>
public sealed class Forecast
{
    /// <summary>Standard deviations of a two-sided 80 % interval.</summary>
    private const double Z80 = 1.2815515655446004;
    private const int RecentSeconds = 300;

    private readonly IReadOnlyList<Tally> _tallies;
    private readonly IReadOnlyList<ThroughputRow> _minutes;

    /// <param name="tallies">All jobs' counts.</param>
    /// <param name="minutes">Rows of one-minute spans, ascending, of the last hour or so.</param>
    /// <param name="now">Unix seconds.</param>
    /// <param name="since">Unix seconds from which an engine has been working; the window is not longer than that.</param>
    public Forecast(IReadOnlyList<Tally> tallies, IReadOnlyList<ThroughputRow> minutes, Func<StageId, Resource> needs, Func<Resource, int> slots, long now, long since)
    {
        (_tallies, _minutes) = (tallies, minutes);
        var from = Math.Max((now / 60 * 60) - RecentSeconds + 60, since / 60 * 60);
        var window = Math.Max(1, now - Math.Max(from, since));
        Stages = [.. StageOrder.Video.Stages.Select(stage => Rate(stage, ItemKind.Video)), .. StageOrder.Clip(StageOrderKind.Paper).Stages.Select(stage => Rate(stage, ItemKind.Clip))];

        StageRate Rate(StageId stage, ItemKind kind)
        {
            var rows = minutes.Where(row => row.Stage == stage).ToList();
            var recent = rows.Where(row => row.Start >= from).ToList();
            var finished = rows.Sum(row => row.Finished);
            var busy = recent.Sum(row => row.Busy) / window;
            var places = slots(needs(stage));
            return new StageRate(
                stage, kind, needs(stage), places, tallies.Where(t => t.Stage == stage && t.Outcome == Outcome.Active).Sum(t => t.Count),
                recent.Sum(row => row.Finished) * 60.0 / window, finished == 0 ? null : rows.Sum(row => row.Busy) / finished, busy, Math.Clamp(busy / places, 0, 1));
        }
    }

    /// <summary>Every stage in the order of the paper.</summary>
    public IReadOnlyList<StageRate> Stages { get; }

    /// <summary>The stage with the most queued work for each slot, in the resource that has the most; null where nothing waits.</summary>
    public PaceSetter? Bottleneck()
    {
        var waiting = Stages.Where(stage => stage is { Queue: > 0, SecondsPerItem: > 0 }).ToList();
        if (waiting.Count == 0)
        {
            return null;
        }

        var pool = waiting.GroupBy(stage => stage.Needs).MaxBy(group => group.Sum(Work) / group.First().Slots)!;
        var stage = pool.MaxBy(Work)!;
        var share = Math.Clamp(Stages.Where(other => other.Needs == stage.Needs).Sum(other => other.Busy) / stage.Slots, 0, 1);
        return new PaceSetter(stage, string.Create(
            CultureInfo.InvariantCulture,
            $"{stage.Stage.Name()} has {stage.Queue:N0} {(stage.Queue == 1 ? "item" : "items")} before it, about {Work(stage) / stage.Slots / 60:0.#} min of work; it finishes {stage.PerMinute:0.#} a minute, and the {stage.Slots} {Word(stage.Needs)} slots that it shares were {share:P0} busy over the last 5 minutes."));
    }

    /// <summary>Expected time until the known work of a job is done; null where too little is known.</summary>
    /// <param name="job">Null for all jobs.</param>
    public TimeToEnd? Eta(long? job, StageOrderKind order)
    {
        var funnel = Funnel.Of(_tallies, order, job);
        var seconds = Stages.ToDictionary(stage => stage.Stage, stage => stage.SecondsPerItem);
        var work = new Dictionary<Resource, double>();
        var (arriving, rate, pace) = (0.0, 1.0, default(StageRate));
        var segmented = funnel.Rows.Last(row => row.Kind == ItemKind.Video).Passed;
        foreach (var row in funnel.Rows)
        {
            if (row is { Kind: ItemKind.Clip, Stage: StageId.Cut } && arriving * rate > 0)
            {
                if (segmented == 0)
                {
                    return null;
                }

                rate *= funnel.Clips / (double)segmented;
            }

            arriving = row.Pending + (arriving * rate);
            var ended = row.Passed + row.Rejected + row.Failed;
            rate = ended == 0 ? 1 : row.Passed / (double)ended;
            if (arriving == 0)
            {
                continue;
            }

            if (seconds[row.Stage] is not { } each)
            {
                return null;
            }

            var stage = Stages.Single(other => other.Stage == row.Stage);
            work[stage.Needs] = work.GetValueOrDefault(stage.Needs) + (arriving * each / stage.Slots);
            pace = pace is null || stage.Queue * each > pace.Queue * (pace.SecondsPerItem ?? 0) ? stage : pace;
        }

        if (pace is null)
        {
            return null;
        }

        var eta = work.Values.Max();
        var spread = Spread(pace.Stage, eta);
        return new TimeToEnd(eta, eta / (1 + (Z80 * spread)), eta * (1 + (Z80 * spread)));
    }

    /// <summary>Relative standard error of what is ahead: the mean rate is known from n minutes, and the minutes ahead vary as those behind did.</summary>
    private double Spread(StageId stage, double etaSeconds)
    {
        var rates = _minutes.Where(row => row.Stage == stage).GroupBy(row => row.Start).Select(minute => (double)minute.Sum(row => row.Finished)).ToList();
        if (rates.Count < 3)
        {
            return 0.5;
        }

        var mean = rates.Average();
        var variance = rates.Sum(rate => (rate - mean) * (rate - mean)) / (rates.Count - 1);
        var ahead = Math.Max(1, etaSeconds / 60);
        return mean == 0 ? 0.5 : Math.Sqrt(variance / (mean * mean) * ((1.0 / rates.Count) + (1 / ahead)));
    }

    private static double Work(StageRate stage) => stage.Queue * (stage.SecondsPerItem ?? 0);

    private static string Word(Resource resource) => resource switch
    {
        Resource.Cpu => "CPU",
        Resource.Gpu => "GPU",
        Resource.Api => "API",
        _ => "network",
    };
}

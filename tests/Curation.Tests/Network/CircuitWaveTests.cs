using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Tests.Lifecycle;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Curation.Tests.Network;

/// <summary>Crawls against a source that refuses everything in waves, and some items always.</summary>
public sealed class CircuitWaveTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private static readonly Gen<Crawl> Crawls =
        from items in Gen.Choose(20, 300)
        from workers in Gen.Choose(1, 8)
        from took in Gen.Choose(1, 15)
        from starts in Gen.Choose(0, 30)
        from lasts in Gen.Choose(5, 120)
        from refusedEach in Gen.Choose(5, 40)
        from anyRefused in Gen.Choose(0, 1)
        select new Crawl(items, workers, took, TimeSpan.FromSeconds(starts), TimeSpan.FromSeconds(lasts), anyRefused == 1 ? refusedEach : int.MaxValue);

    [Fact]
    public void A_wave_costs_no_item_anything_and_work_goes_on_within_ten_seconds_of_its_end() => LifeGenerators.Holds(
        Crawls,
        crawl =>
        {
            var end = crawl.Run();
            return end.Charged.All(crawl.IsAlwaysRefused)
                && (end.FirstServedAfterWave is null || end.FirstServedAfterWave <= crawl.WaveEnds + TimeSpan.FromSeconds(10))
                && end.Served.Count + end.Charged.Count == crawl.Items
                && end.AskedInWave <= crawl.Workers + 2 + (crawl.Lasts / TimeSpan.FromSeconds(1));
        },
        tests: 60);

    /// <summary>Items wait their turns as an engine has them wait: who is sent away comes back after the wait that it was told.</summary>
    private sealed record Crawl(int Items, int Workers, int TicksEach, TimeSpan WaveBegins, TimeSpan Lasts, int RefusedEach)
    {
        public TimeSpan WaveEnds => WaveBegins + Lasts;

        // Some good items are last, as the end of a crawl with refused ones alone is another matter.
        public bool IsAlwaysRefused(int item) => item < Items - 10 && item % RefusedEach == RefusedEach - 1;

        public Outcome Run()
        {
            var time = new FakeTime();
            var circuit = new SourceCircuit(new SourceCircuitOptions(), time);
            var due = new PriorityQueue<int, (TimeSpan, int)>(Enumerable.Range(0, Items).Select(item => (item, (TimeSpan.Zero, item))));
            var busy = new List<(int Item, TimeSpan Until, bool Refused)>();
            var outcome = new Outcome();
            while (outcome.Served.Count + outcome.Charged.Count < Items && time.Elapsed < TimeSpan.FromHours(1))
            {
                foreach (var (item, _, refused) in busy.Where(work => work.Until <= time.Elapsed).ToList())
                {
                    busy.RemoveAll(work => work.Item == item);
                    var wait = circuit.Report("host", item.ToString(System.Globalization.CultureInfo.InvariantCulture), refused ? FailureKind.EgressBlock : null);
                    if (wait is { } away)
                    {
                        due.Enqueue(item, (time.Elapsed + away, item));
                    }
                    else
                    {
                        (refused ? outcome.Charged : outcome.Served).Add(item);
                    }
                }

                while (busy.Count < Workers && due.TryPeek(out var next, out var when) && when.Item1 <= time.Elapsed)
                {
                    due.Dequeue();
                    if (circuit.Enter("host", next.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { } away)
                    {
                        due.Enqueue(next, (time.Elapsed + away, next));
                        continue;
                    }

                    var inWave = time.Elapsed >= WaveBegins && time.Elapsed < WaveEnds;
                    outcome.AskedInWave += inWave ? 1 : 0;
                    if (!inWave && time.Elapsed >= WaveEnds && !IsAlwaysRefused(next))
                    {
                        outcome.FirstServedAfterWave ??= time.Elapsed;
                    }

                    busy.Add((next, time.Elapsed + (inWave ? Tick : Tick * TicksEach), inWave || IsAlwaysRefused(next)));
                }

                time.Advance(Tick);
            }

            return outcome;
        }
    }

    private sealed class Outcome
    {
        public HashSet<int> Served { get; } = [];

        public HashSet<int> Charged { get; } = [];

        public TimeSpan? FirstServedAfterWave { get; set; }

        public int AskedInWave { get; set; }
    }
}

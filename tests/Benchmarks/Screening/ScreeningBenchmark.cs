using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Benchmarks.Keywords;
using MedGenCluster.Client.Demo.Candidates;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Benchmarks.Screening;

/// <summary>The keyword stage on a stream of 25 million rows that is never stored: each of two threads generates a half and reads it.</summary>
internal static class ScreeningBenchmark
{
    private const long LimitMegabytes = 300;
    private const int Threads = 2;

    /// <param name="args">The number of rows (25 000 000).</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var rows = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 25_000_000;
        var dictionary = KeywordDictionary.Standard;
        var matcher = new KeywordMatcher(dictionary);
        var generator = GeneratorAlone(BenchRecipe.Of(dictionary, Math.Min(rows, 500_000)));
        var parts = Enumerable.Range(0, Threads).Select(part => new Part(BenchRecipe.Of(dictionary, (rows * (part + 1) / Threads) - (rows * part / Threads)) with { Seed = (ulong)part + 1 })).ToList();
        var watch = Stopwatch.StartNew();
        var cpu = CpuClock.Own;
        var work = parts.Select(part => Task.Factory.StartNew(() => part.Run(matcher), TaskCreationOptions.LongRunning)).ToList();
        while (await Task.WhenAny(Task.WhenAll(work), Task.Delay(TimeSpan.FromSeconds(2))) is not null && !work.TrueForAll(task => task.IsCompleted))
        {
            var done = parts.Sum(part => part.Rows);
            var left = TimeSpan.FromSeconds(done == 0 ? 0 : watch.Elapsed.TotalSeconds * (rows - done) / done);
            Console.Error.Write($"\r  {done:N0} of {rows:N0} rows, {100.0 * done / rows:F0} %, {done / watch.Elapsed.TotalSeconds / 1e6:F2} M rows/s, {left:m\\:ss} left   ");
        }

        await Task.WhenAll(work);
        Console.Error.WriteLine();
        var seconds = watch.Elapsed.TotalSeconds;
        var bytes = parts.Sum(part => part.Bytes);
        using var process = Process.GetCurrentProcess();
        var megabytes = process.PeakWorkingSet64 >> 20;
        var isEnough = megabytes < LimitMegabytes && parts.Sum(part => part.Rows) == rows;
        Console.WriteLine($"{rows:N0} rows, {bytes / 1e9:F2} GB, {dictionary.Terms.Count:N0} terms: {seconds / 60:F2} minutes on {Threads} threads, {rows / seconds / 1e6:F2} M rows/s, {bytes / 1e6 / seconds:F0} MB/s");
        Console.WriteLine($"  hits {parts.Sum(part => part.Hits):N0}, unusable {parts.Sum(part => part.Troubles):N0}, processor time {CpuClock.Own - cpu:F0} s");
        Console.WriteLine($"  of which the generator alone takes {generator * bytes:F0} s ({1 / generator / 1e6:F0} MB/s on one thread)");
        Console.WriteLine($"  peak {megabytes} MB (limit {LimitMegabytes})  {(isEnough ? "ok" : "OVER")}");
        return isEnough ? 0 : 1;
    }

    /// <summary>Processor time of the generator for each byte, seconds.</summary>
    private static double GeneratorAlone(CandidateRecipe recipe)
    {
        var buffer = new byte[1 << 20];
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            using var stream = new GeneratedCandidates(recipe);
            var began = CpuClock.Own;
            while (stream.Read(buffer) > 0)
            {
            }

            best = Math.Min(best, (CpuClock.Own - began) / stream.Position);
        }

        return best;
    }

    private sealed class Part(CandidateRecipe recipe)
    {
        private readonly CountingSink _sink = new();
        private long _rows;
        private long _bytes;

        public long Rows => Volatile.Read(ref _rows);

        public long Bytes => Volatile.Read(ref _bytes);

        public long Hits => _sink.Hits;

        public long Troubles => _sink.Troubles;

        public void Run(KeywordMatcher matcher)
        {
            var scanner = new CandidateScanner(matcher);
            using var blocks = CandidateBlocks.Of(new GeneratedCandidates(recipe), new CandidateBlockOptions { Format = CandidateFormat.Ndjson });
            while (blocks.Read() is { } block)
            {
                Volatile.Write(ref _rows, _rows + scanner.Scan(block, _sink));
                Volatile.Write(ref _bytes, block.End.Offset);
                block.Dispose();
            }
        }
    }
}

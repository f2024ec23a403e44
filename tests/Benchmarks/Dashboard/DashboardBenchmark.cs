using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MedGenCluster.Benchmarks.LedgerMillion;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Benchmarks.Dashboard;

/// <summary>How soon every page of the dashboard has its data over a ledger of a million clips, over HTTP, from a host in a process of its own.</summary>
internal static class DashboardBenchmark
{
    private const double PageLimit = 100;
    private const double WhatIfLimit = 300;
    private const int Rounds = 100;

    /// <param name="args">Nothing or the number of clips; or <c>serve</c> and a data directory, in the process that is measured.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["serve", var data])
        {
            return await ServeAsync(data);
        }

        var clips = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("medgen-dashboard-bench-");
        try
        {
            var watch = Stopwatch.StartNew();
            var ledger = Path.Combine(folder.FullName, "ledger.db");
            await MillionLedger.WriteAsync(ledger, clips);
            WrittenHistory.Add(ledger);
            Console.WriteLine($"ledger of {clips:N0} clips with captions, scores and a month of throughput: {new FileInfo(ledger).Length >> 20} MB, written in {watch.Elapsed.TotalSeconds:F0} s");
            return await MeasureAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> ServeAsync(string data)
    {
        await using var host = CurationHost.Open(new HostOptions { DataPath = data, ModelsPath = Path.Combine("models", "demo") });
        await using var session = await HostSession.StartAsync(host, null, new WebOptions { Listen = "http://127.0.0.1:0" }, TimeProvider.System);
        Console.WriteLine(session.Address);
        await Console.In.ReadLineAsync();
        return 0;
    }

    private static async Task<int> MeasureAsync(string data)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. SelfArguments(), "dashboard", "serve", data]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri((await child.StandardOutput.ReadLineAsync())!), Timeout = TimeSpan.FromMinutes(2) };
            var watch = Stopwatch.StartNew();
            var first = await client.GetFromJsonAsync<JsonElement>("/api/items?limit=1");
            Console.WriteLine($"  first page of the gallery, with the index read: {watch.Elapsed.TotalSeconds:F2} s, {first.GetProperty("total").GetInt64():N0} clips");
            var id = first.GetProperty("items")[0].GetProperty("id").GetString();
            var over = 0;
            foreach (var path in new[]
            {
                "/api/overview", "/api/throughput?span=hour", "/api/throughput?span=all", "/api/funnel", "/api/funnel?job=1", "/api/thresholds", "/api/jobs", "/api/items?limit=48", "/api/items?outcome=rejected&stage=joint",
                "/api/items?outcome=accepted&sort=-aesthetic&min=technical:0.5", "/api/items?text=cystic+artery&category=imaging", "/api/items?text=gallbladder+seldom", "/api/items?kind=video&outcome=rejected", "/api/items/" + id, "/api/failures", "/api/audits",
                "/api/system", "/api/scaling", "/api/operations",
            })
            {
                over += await TimeAsync(path, PageLimit, () => client.GetAsync(path));
            }

            foreach (var (name, values) in new[] { ("aesthetics.minScore", new[] { 3.5, 4.2, 5.0 }), ("joint.maxTechnical", [0.2, 0.4, 0.6]), ("subtitles.maxWords", [3, 10, 50]) })
            {
                var turn = 0;
                over += await TimeAsync(
                    $"what-if {name}", WhatIfLimit,
                    () => client.PostAsync("/api/what-if", new StringContent(
                        string.Create(CultureInfo.InvariantCulture, $$"""{"job":null,"changes":{"{{name}}":{{values[turn++ % values.Length]}}},"edges":8}"""), Encoding.UTF8, "application/json")));
            }

            child.Refresh();
            Console.WriteLine($"  the host's memory: {child.WorkingSet64 >> 20} MB");
            return over == 0 ? 0 : 1;
        }
        finally
        {
            await child.StandardInput.WriteLineAsync();
            child.Kill();
        }
    }

    /// <returns>1 when the 95th percentile is over the limit.</returns>
    private static async Task<int> TimeAsync(string what, double limit, Func<Task<HttpResponseMessage>> ask)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await ask();
            bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            answer.EnsureSuccessStatusCode();
        }

        times.Sort();
        var p95 = times[(int)(times.Count * 0.95) - 1];
        Console.WriteLine($"  {what,-66} median {times[times.Count / 2],6:F1} ms, p95 {p95,6:F1} ms (limit {limit:F0}), {bytes / 1024.0,7:F1} KB  {(p95 < limit ? "ok" : "OVER")}");
        return p95 < limit ? 0 : 1;
    }

    private static IEnumerable<string> SelfArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? ["exec", typeof(DashboardBenchmark).Assembly.Location] : [];
}

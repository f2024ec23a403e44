using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MedGenCluster.Benchmarks.LedgerMillion;
using MedGenCluster.Engine;

namespace MedGenCluster.Benchmarks.DashboardMillion;

/// <summary>How soon a host answers what the dashboard's pages ask of a ledger of a million clips, at rest and while clips change.</summary>
internal static class DashboardMillionBenchmark
{
    private const double PageLimit = 100;
    private const double WhatIfLimit = 300;
    private const int Requests = 40;

    /// <summary>What the pages ask for, over HTTP.</summary>
    private static readonly string[] Pages =
    [
        "overview", "throughput?span=hour", "throughput?span=all", "funnel", "funnel?job=1", "thresholds", "thresholds?job=1", "jobs",
        "items", "items?sort=-id", "items?outcome=accepted&sort=-aesthetic", "items?outcome=accepted&sort=technical&min=aesthetic:4&max=words:5", "items?stage=joint&outcome=rejected&sort=words",
        "items?category=imaging&duplicate=false", "items?reason=borders-below-minimum", "items?text=zebrafish", "items?text=gallbladder", "items?text=the", "items?text=cystic%20art&outcome=accepted&sort=-technical&limit=200",
        "items?kind=video", "items?kind=video&outcome=failed", "items?kind=video&outcome=active&stage=fetch", "items?kind=video&reason=off-topic", "items?kind=video&stage=probe", "failures", "audits", "audits/1", "system",
    ];

    private static readonly (string Name, object Request)[] WhatIfs =
    [
        ("what-if aesthetics.minScore", Change("aesthetics.minScore", 4.2)),
        ("what-if subtitles.maxWords, job 1", new { job = 1, changes = new Dictionary<string, double> { ["subtitles.maxWords"] = 5 }, edges = 8 }),
        ("what-if joint.maxTechnical", Change("joint.maxTechnical", 0.5)),
    ];

    /// <param name="args">Nothing or the number of clips, then a data directory to keep and use again; or <c>host</c>, a data directory and a model pack, in the process that is measured.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["host", var data, var models])
        {
            return await DashboardHost.RunAsync(data, models);
        }

        var clips = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = args.Length > 1 ? Directory.CreateDirectory(args[1]) : Directory.CreateTempSubdirectory("medgen-dashboard-");
        try
        {
            var ledger = DataDirectory.Open(folder.FullName).LedgerPath;
            var watch = Stopwatch.StartNew();
            if (!File.Exists(ledger))
            {
                await MillionLedger.WriteAsync(ledger, clips);
            }

            Console.WriteLine($"ledger of {clips:N0} clips: {new FileInfo(ledger).Length >> 20} MB, written in {watch.Elapsed.TotalSeconds:F0} s");
            return await MeasureAsync(folder.FullName) ? 0 : 1;
        }
        finally
        {
            if (args.Length < 2)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<bool> MeasureAsync(string data)
    {
        var watch = Stopwatch.StartNew();
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. SelfArguments(), "dashboard", "host", data, Path.Combine("models", "demo")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            var address = await child.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host did not start.");
            using var http = new HttpClient { BaseAddress = new Uri(address + "/api/") };
            var listening = watch.Elapsed.TotalSeconds;
            var first = await http.GetFromJsonAsync<JsonElement>("items");
            Console.WriteLine(FormattableString.Invariant($"  listens after {listening:F2} s; first page of clips, for which the index is read, after {watch.Elapsed.TotalSeconds:F2} s; {Megabytes(child)}"));

            // A clip and a video to look at in detail, and an audit.
            var clip = first.GetProperty("items")[0].GetProperty("id").GetString()!;
            string[] pages = [.. Pages, "items/" + clip, "items/" + clip.Split('-')[0], $"items/{clip}/trail"];
            using (var drawn = await http.PostAsJsonAsync("audits", new { name = "benchmark", stage = "aesthetics", job = (long?)null, seed = 42, size = 200 }))
            {
                drawn.EnsureSuccessStatusCode();
            }

            Console.WriteLine($"  at rest, {Requests} requests each:");
            var ok = await AllAsync(http, pages);
            await child.StandardInput.WriteLineAsync("work");
            await child.StandardOutput.ReadLineAsync();
            Console.WriteLine("  while some 300 clips a second change:");
            ok &= await AllAsync(http, pages);
            Console.WriteLine($"  {Megabytes(child)}");
            return ok;
        }
        finally
        {
            child.StandardInput.Close();
            await child.WaitForExitAsync();
        }
    }

    private static async Task<bool> AllAsync(HttpClient http, IEnumerable<string> pages)
    {
        var ok = true;
        foreach (var page in pages)
        {
            // The latest search is kept by the host: another one in between makes each of these a first one.
            ok &= await TimeAsync(page, PageLimit, () => http.GetAsync(page), page.Contains("text=", StringComparison.Ordinal) ? () => http.GetAsync("items?text=zebrafi") : null);
        }

        foreach (var (name, request) in WhatIfs)
        {
            ok &= await TimeAsync(name, WhatIfLimit, () => http.PostAsJsonAsync("what-if", request));
        }

        return ok;
    }

    private static async Task<bool> TimeAsync(string what, double limit, Func<Task<HttpResponseMessage>> ask, Func<Task<HttpResponseMessage>>? before = null)
    {
        var milliseconds = new List<double>(Requests);
        var bytes = 0;
        for (var i = 0; i < Requests + 2; i++)
        {
            using var other = before is null ? null : await before();
            var started = Stopwatch.GetTimestamp();
            using var answer = await ask();
            bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{what} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }

            // The first two compile the code.
            if (i >= 2)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        milliseconds.Sort();
        var (p50, p95) = (milliseconds[Requests / 2], milliseconds[(Requests * 95 / 100) - 1]);
        Console.WriteLine(FormattableString.Invariant($"    {what,-86} p50 {p50,7:F1} ms  p95 {p95,7:F1} ms  {bytes / 1024.0,6:F0} KB  (limit {limit:F0})  {(p95 <= limit ? "ok" : "OVER")}"));
        return p95 <= limit;
    }

    private static object Change(string option, double value) => new { job = (long?)null, changes = new Dictionary<string, double> { [option] = value }, edges = 8 };

    private static string Megabytes(Process child)
    {
        child.Refresh();
        return $"resident {child.WorkingSet64 >> 20} MB, peak {child.PeakWorkingSet64 >> 20} MB";
    }

    /// <summary>The assembly, where the process is <c>dotnet</c> itself.</summary>
    private static IEnumerable<string> SelfArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? ["exec", typeof(DashboardMillionBenchmark).Assembly.Location] : [];
}

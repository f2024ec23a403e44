using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;

namespace MedGenCluster.Benchmarks.Download;

/// <summary>The download engine on loopback: what a file of 5 MB costs in processor time, and how well a budget is used when a host that enforces a rate throttles
/// now and then.</summary>
internal static class DownloadBenchmark
{
    private const double RequiredFilesPerCoreSecond = 15;

    private const double RequiredShare = 0.95;

    private const double Rate = 100;

    private const double Burst = 4;

    // What the way to the server may push together: a tenth of a second's requests.
    private const double ServerBurst = Burst + (Rate / 10);

    private const int Workers = 16;

    private const int ThrottleEvery = 200;

    /// <param name="args">[files, 200] [seconds of the budget's part, 20].</param>
    /// <returns>0 where both figures are reached.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var files = Number(args, 0, 200);
        var seconds = Number(args, 1, 20);
        using var server = Start();
        var root = new Uri((await server.StandardOutput.ReadLineAsync())!);
        var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            var fast = await CostAsync(root, folder, files);
            var polite = await BudgetAsync(server, root, folder, TimeSpan.FromSeconds(seconds));
            return fast && polite ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<bool> CostAsync(Uri root, string folder, int files)
    {
        using var budget = new HostBudget(new HostBudgetOptions { InitialRate = 10_000, MaxRate = 10_000, Burst = 1000 }, TimeProvider.System);
        using var downloader = Downloader(budget);
        var url = new Uri(root, DownloadServer.Large);
        await FetchAsync(downloader, url, folder, 0, 20);
        var cpu = CpuClock.Own;
        var started = Stopwatch.GetTimestamp();
        await FetchAsync(downloader, url, folder, 20, files);
        cpu = CpuClock.Own - cpu;
        var rate = files / cpu;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{files} files of 5 MB: {rate:0.0} files per second and core ({cpu:0.00} s of processor time, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s in all; at least {RequiredFilesPerCoreSecond:0} required)"));
        return rate >= RequiredFilesPerCoreSecond;
    }

    private static async Task<bool> BudgetAsync(Process server, Uri root, string folder, TimeSpan time)
    {
        await AskAsync(server, string.Create(CultureInfo.InvariantCulture, $"enforce {Rate} {ServerBurst} {ThrottleEvery} 1"));
        using var budget = new HostBudget(
            new HostBudgetOptions { InitialRate = Rate, MaxRate = Rate, MinRate = 1, Burst = Burst, Increase = Rate / 10, DecreaseFactor = 0.7 }, TimeProvider.System);
        using var downloader = Downloader(budget);
        var url = new Uri(root, DownloadServer.Small);
        var host = $"{root.Host}:{root.Port}";
        using var enough = new CancellationTokenSource(time);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                try
                {
                    await FetchAsync(downloader, url, Path.Combine(folder, "w" + worker), i, 1, enough.Token);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }));
        var allowed = budget.AllowedSoFar(host);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var report = (await AskAsync(server, "report")).Split(' ').Select(int.Parse).ToArray();
        var (asked, violations, throttled) = (report[0], report[1], report[2]);
        var share = asked / allowed;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed:0.0} s at {Rate:0} requests per second with {throttled - violations} injected 429s and their rests: {asked} requests of {allowed:0} allowed, {share:P1} used (at least {RequiredShare:P0} required); {violations} beyond the rate that the server enforces (none allowed)"));
        return violations == 0 && share >= RequiredShare && asked <= allowed + Burst;
    }

    private static HttpDownloader Downloader(HostBudget budget) => new(
        new UrlPolicy(new UrlPolicyOptions { AllowLoopback = true }), budget, new SourceCircuit(new SourceCircuitOptions(), TimeProvider.System),
        new DownloadOptions { MaxPerHost = Workers }, TimeProvider.System);

    private static async Task FetchAsync(HttpDownloader downloader, Uri url, string folder, int first, int count, CancellationToken cancellationToken = default)
    {
        for (var i = first; i < first + count; i++)
        {
            var own = Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture));
            var result = await downloader.DownloadAsync(url, own, own, cancellationToken);
            if (result is not (DownloadResult.Complete or DownloadResult.Postponed))
            {
                throw new InvalidOperationException(result.ToString());
            }

            Directory.Delete(own, recursive: true);
        }
    }

    private static async Task<string> AskAsync(Process server, string command)
    {
        await server.StandardInput.WriteLineAsync(command);
        return (await server.StandardOutput.ReadLineAsync())!;
    }

    private static Process Start()
    {
        // The program is started as it was itself: by the host of its own, or by dotnet.
        var own = Environment.ProcessPath!;
        var start = new ProcessStartInfo(own) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(own) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DownloadBenchmark).Assembly.Location);
        }

        start.ArgumentList.Add("download");
        start.ArgumentList.Add("--serve");
        return Process.Start(start)!;
    }

    private static int Number(string[] args, int place, int otherwise) =>
        args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
}

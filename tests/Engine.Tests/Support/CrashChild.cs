using System.Diagnostics;
using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Tests.Screening;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A process of its own that works on a data directory until it is done or killed. It writes one line for every decision.</summary>
internal static class CrashChild
{
    public const int Videos = 60;
    private const string Mode = "crash-child";

    public static Task<int> Main(string[] args) => args switch
    {
        [Mode, var folder] => RunAsync(folder),
        [ScreeningChild.Mode, var inputs, var target] => ScreeningChild.RunAsync(inputs, target),
        _ => Task.FromResult(2),
    };

    /// <summary>Starts the child and kills it with SIGKILL after so many decisions.</summary>
    /// <returns>How many decisions it made; null when it came to its end before.</returns>
    public static async Task<bool> KilledAfterAsync(string folder, int decisions)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(CrashChild).Assembly.Location, Mode, folder })
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        for (var i = 0; i < decisions; i++)
        {
            if (await child.StandardOutput.ReadLineAsync().Soon() is null)
            {
                await child.WaitForExitAsync().Soon();
                Assert.Equal(0, child.ExitCode);
                return false;
            }
        }

        child.Kill();
        await child.WaitForExitAsync().Soon();
        return true;
    }

    public static FakePipeline Pipeline() => new()
    {
        Score = (stage, id) => FakePipeline.Unit(stage, id),
        Threshold = (_, _) => 0.05,
    };

    private static async Task<int> RunAsync(string folder)
    {
        var data = DataDirectory.Open(folder);
        using var held = data.TryLock() ?? throw new InvalidOperationException("The lock of a dead process is still held.");
        await using var ledger = SqliteLedger.Open(data.LedgerPath, TimeProvider.System, NullLogger.Instance);
        var media = new DirectoryMediaStore(data.MediaPath, data.TemporaryPath);
        media.RemoveLeftovers();
        var pipeline = Pipeline();
        using var output = Console.OpenStandardOutput();
        pipeline.Deciding = (_, _) => output.Write("decided\n"u8);
        pipeline.Behaviours[StageId.Cut] = async call =>
        {
            var results = call.Normal().ToArray();
            for (var i = 0; i < results.Length; i++)
            {
                var path = media.NewTemporaryPath(".mp4");
                await File.WriteAllTextAsync(path, call.Ids[i], Encoding.UTF8, call.Stop);
                results[i] = (StageResult.Measured)results[i] with { Media = await media.AdoptAsync(path, call.Stop) };
            }

            return results;
        };
        if ((await ledger.JobsAsync()).Count == 0)
        {
            await ledger.CreateJobAsync("crash", new SourceSpec("fake", "/videos"), new CurationOptions());
        }

        await using var engine = new EmbeddedEngine(
            ledger, pipeline.Catalog(), media, _ => FakeSource.Of(Videos), (_, _) => Task.CompletedTask, () => null,
            new EngineOptions { CpuSlots = 2 }, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        await engine.RunAsync(untilIdle: true, CancellationToken.None);
        return 0;
    }
}

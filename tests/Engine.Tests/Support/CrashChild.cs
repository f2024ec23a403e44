using System.Diagnostics;
using System.Globalization;
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

/// <summary>A process of its own that works on a data directory until it is done, or until SIGKILL ends it with a decision: whatever its other threads do then is cut off.</summary>
internal static class CrashChild
{
    public const int Videos = 60;
    private const string Mode = "crash-child";

    /// <summary>128 and the number of SIGKILL.</summary>
    private const int Killed = 137;

    public static Task<int> Main(string[] args) => args switch
    {
        [Mode, var folder, var decisions] => RunAsync(folder, int.Parse(decisions, CultureInfo.InvariantCulture)),
        [ScreeningChild.Mode, var inputs, var target] => ScreeningChild.RunAsync(inputs, target),
        _ => Task.FromResult(2),
    };

    /// <summary>Starts the child, which is killed (SIGKILL) with so many decisions.</summary>
    /// <returns>False when it came to its end before.</returns>
    public static async Task<bool> KilledAfterAsync(string folder, int decisions)
    {
        using var child = Process.Start("dotnet", ["exec", typeof(CrashChild).Assembly.Location, Mode, folder, $"{decisions}"]);
        await child.WaitForExitAsync().Soon();
        Assert.True(child.ExitCode is 0 or Killed, $"The child ended with {child.ExitCode}.");
        return child.ExitCode == Killed;
    }

    public static FakePipeline Pipeline() => new()
    {
        Score = (stage, id) => FakePipeline.Unit(stage, id),
        Threshold = (_, _) => 0.05,
    };

    private static async Task<int> RunAsync(string folder, int decisions)
    {
        var data = DataDirectory.Open(folder);
        using var held = data.TryLock() ?? throw new InvalidOperationException("The lock of a dead process is still held.");
        await using var ledger = SqliteLedger.Open(data.LedgerPath, TimeProvider.System, NullLogger.Instance);
        var media = new DirectoryMediaStore(data.MediaPath, data.TemporaryPath);
        media.RemoveLeftovers();
        var pipeline = Pipeline();
        using var self = Process.GetCurrentProcess();
        var decided = 0;
        pipeline.Deciding = (_, _) =>
        {
            if (Interlocked.Increment(ref decided) == decisions)
            {
                self.Kill();
            }
        };
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
            new EngineOptions { CpuSlots = 2 }, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        await engine.RunAsync(untilIdle: true, CancellationToken.None);
        return 0;
    }
}

using System.Diagnostics;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Screening;

/// <summary>A process of its own that screens until it is done or killed. It writes one line for every call of the classifier and
/// waits for a byte, so that it does not run ahead of whoever counts the calls.</summary>
internal static class ScreeningChild
{
    public const string Mode = "screening-child";

    public static ScreeningOptions Options(string target) =>
        new() { OutputFolder = target, Threads = 2, ShardBytes = 20_000, BlockBytes = 4096, LabelColumn = "label" };

    /// <summary>Starts the child and kills it with SIGKILL after so many calls.</summary>
    /// <returns>False when it came to its end before.</returns>
    public static async Task<bool> KilledAfterAsync(string inputs, string target, int calls)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "exec", typeof(ScreeningChild).Assembly.Location, Mode, inputs, target })
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        for (var i = 0; i < calls; i++)
        {
            if (await child.StandardOutput.ReadLineAsync().Soon() is null)
            {
                await child.WaitForExitAsync().Soon();
                Assert.Equal(0, child.ExitCode);
                return false;
            }

            // After the last call too: the child is at work when it is killed.
            await child.StandardInput.WriteAsync('.');
            await child.StandardInput.FlushAsync();
        }

        child.Kill();
        await child.WaitForExitAsync().Soon();
        return true;
    }

    public static async Task<int> RunAsync(string inputs, string target)
    {
        using var output = Console.OpenStandardOutput();
        using var input = Console.OpenStandardInput();
        var run = new ScreeningRun(ScreeningBench.Matcher, () => new TellingClassifier(output, input), Options(target));
        return await run.RunAsync([inputs], CancellationToken.None) is ScreeningOutcome.Completed ? 0 : 1;
    }

    private sealed class TellingClassifier(Stream output, Stream input) : ITextClassifier
    {
        private readonly FakeClassifier _inner = new();

        public string Version => _inner.Version;

        public bool IsDemo => _inner.IsDemo;

        public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        {
            lock (_inner)
            {
                output.Write("scored\n"u8);
                input.ReadByte();
            }

            return _inner.ScoreAsync(texts, cancellationToken);
        }
    }
}

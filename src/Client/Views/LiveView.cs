using Spectre.Console;
using Spectre.Console.Rendering;

namespace MedGenCluster.Client.Views;

/// <summary>Draws something while it is worked on: live on a terminal, plain lines (or JSON values) where nobody watches.</summary>
internal static class LiveView
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(2);

    /// <summary>Draws until <paramref name="work"/> ends.</summary>
    /// <param name="render">The picture on a terminal.</param>
    /// <param name="plain">Writes what is to be said elsewhere.</param>
    /// <param name="atEnd">True if the end is said there as well.</param>
    public static async Task UntilAsync(Task work, Output output, Func<IRenderable> render, Action plain, bool atEnd)
    {
        if (!output.IsJson && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive)
        {
            await AnsiConsole.Live(render()).AutoClear(true).StartAsync(async live =>
            {
                while (await Task.WhenAny(work, Task.Delay(TerminalInterval)) != work)
                {
                    live.UpdateTarget(render());
                }
            });
            return;
        }

        while (await Task.WhenAny(work, Task.Delay(PipeInterval)) != work)
        {
            plain();
        }

        if (atEnd)
        {
            plain();
        }
    }

    /// <summary>A bar of the share that is done, 0 to 1.</summary>
    public static IRenderable Bar(double share) =>
        new BreakdownChart().Width(60).HideTags().AddItem("done", Math.Max(share, 0.001), Color.Green).AddItem("left", Math.Max(1 - share, 0.001), Color.Grey23);
}

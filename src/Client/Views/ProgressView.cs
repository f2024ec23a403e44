using System.Diagnostics;
using MedGenCluster.Engine.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MedGenCluster.Client.Views;

/// <summary>Shows a crawl while it runs: a live funnel with a bar and the time left on a terminal, plain lines in a pipe, JSON lines with --json.</summary>
internal sealed class ProgressView(Output output, Func<Funnel> funnel, Func<string?> blocked, Func<string?> standstill)
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private string? _last;
    private double _startProgress = -1;

    /// <summary>Draws until <paramref name="work"/> ends.</summary>
    public async Task RunAsync(Task work)
    {
        if (!output.IsJson && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive)
        {
            await AnsiConsole.Live(Render()).AutoClear(true).StartAsync(async live =>
            {
                while (await Task.WhenAny(work, Task.Delay(TerminalInterval)) != work)
                {
                    live.UpdateTarget(Render());
                }
            });
        }
        else
        {
            while (await Task.WhenAny(work, Task.Delay(PipeInterval)) != work)
            {
                Plain();
            }

            Plain();
        }

        await work;
    }

    private IRenderable Render()
    {
        var now = funnel();
        var bar = new BreakdownChart().Width(60).HideTags().AddItem("done", Math.Max(now.Progress, 0.001), Color.Green).AddItem("left", Math.Max(1 - now.Progress, 0.001), Color.Grey23);
        return new Rows(FunnelTable.Of(now), bar, new Markup(Markup.Escape(Line(now))));
    }

    private void Plain()
    {
        var now = funnel();
        if (output.IsJson)
        {
            output.Value(new { Type = "progress", Seconds = Math.Round(_elapsed.Elapsed.TotalSeconds, 1), Blocked = blocked(), Standstill = standstill(), Funnel = FunnelTable.Json(now) });
            return;
        }

        var line = Line(now);
        if (line != _last)
        {
            output.Line($"{_elapsed.Elapsed:mm\\:ss}  {line}");
            _last = line;
        }
    }

    private string Line(Funnel now)
    {
        if (blocked() is { } reason)
        {
            return "waiting: " + reason;
        }

        var line = $"{now.Progress,4:P0}  videos {now.VideosEnded}/{now.Videos}, clips {now.ClipsEnded}/{now.Clips}, accepted {now.Accepted}";
        if (now.Failed > 0)
        {
            line += $", failed {now.Failed}";
        }

        if (standstill() is { } waits)
        {
            return $"{line}, some wait: {waits}";
        }

        return Remaining(now.Progress) is { } left ? $"{line}, about {Text(left)} left" : line;
    }

    /// <summary>Time left if the share done since the view opened goes on at its pace; null before a twentieth is done.</summary>
    private TimeSpan? Remaining(double progress)
    {
        if (_startProgress < 0)
        {
            _startProgress = progress;
        }

        var done = progress - _startProgress;
        return done < 0.05 || progress >= 1 ? null : _elapsed.Elapsed * ((1 - progress) / done);
    }

    private static string Text(TimeSpan span) => span.TotalHours >= 1
        ? $"{(int)span.TotalHours} h {span.Minutes} min"
        : span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes} min {span.Seconds} s" : $"{(int)Math.Ceiling(span.TotalSeconds)} s";
}

using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MedGenCluster.Client.Views;

/// <summary>Shows a crawl while it runs: a live funnel with a bar and the time left on a terminal, plain lines in a pipe, JSON lines with --json.</summary>
internal sealed class ProgressView(Output output, Func<FunnelView> funnel, Func<string?> blocked, Func<string?> standstill)
{
    private readonly TimeLeft _left = new(least: 0.05);
    private string? _last;

    /// <summary>Draws until <paramref name="work"/> ends.</summary>
    public async Task RunAsync(Task work)
    {
        await LiveView.UntilAsync(work, output, Render, Plain, atEnd: true);
        await work;
    }

    private IRenderable Render()
    {
        var now = funnel();
        return new Rows(FunnelTable.Of(now), LiveView.Bar(now.Progress), new Markup(Markup.Escape(Line(now))));
    }

    private void Plain()
    {
        var now = funnel();
        if (output.IsJson)
        {
            output.Value(new { Type = "progress", Seconds = Math.Round(_left.Elapsed.TotalSeconds, 1), Blocked = blocked(), Standstill = standstill(), Funnel = FunnelTable.Json(now) });
            return;
        }

        var line = Line(now);
        if (line != _last)
        {
            output.Line($"{_left.Elapsed:mm\\:ss}  {line}");
            _last = line;
        }
    }

    private string Line(FunnelView now)
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

        return _left.Of(now.Progress) is { } left ? $"{line}, about {left} left" : line;
    }
}

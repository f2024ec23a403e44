using MedGenCluster.Engine.Screening;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MedGenCluster.Client.Views;

/// <summary>Shows a screening while it runs: a bar and the time left on a terminal, plain lines in a pipe, JSON lines with --json.</summary>
internal sealed class ScreeningView(Output output, Func<ScreeningProgress> progress)
{
    private readonly TimeLeft _left = new(least: 0.01);
    private string? _last;

    /// <summary>Draws until <paramref name="work"/> ends.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        await LiveView.UntilAsync(work, output, Render, Plain, atEnd: false);
        return await work;
    }

    private IRenderable Render()
    {
        var now = progress();
        return new Rows(LiveView.Bar(now.Share), new Markup(Markup.Escape(Line(now))));
    }

    private void Plain()
    {
        var now = progress();
        output.Value(new
        {
            Type = "progress", Seconds = Math.Round(_left.Elapsed.TotalSeconds, 1), now.Share, now.BytesRead, now.BytesTotal, now.Rows, now.Hits, now.Survivors, now.Troubles, now.Shards,
            Left = Left(now),
        });
        var line = Line(now);
        if (line != _last)
        {
            output.Line($"{_left.Elapsed:mm\\:ss}  {line}");
            _last = line;
        }
    }

    private string? Left(ScreeningProgress now) => _left.Of(now.Share, now.Before?.Share ?? 0);

    private string Line(ScreeningProgress now)
    {
        var pace = _left.Elapsed.TotalSeconds < 1 ? "" : $" ({(now.Rows - (now.Before?.Rows ?? 0)) / _left.Elapsed.TotalSeconds:N0}/s)";
        var line = $"{now.Share,4:P0}  {now.Rows:N0} rows{pace}, {now.Hits:N0} hits, {now.Survivors:N0} survivors";
        if (now.Troubles > 0)
        {
            line += $", {now.Troubles:N0} in trouble";
        }

        return Left(now) is { } left ? $"{line}, about {left} left" : line;
    }
}

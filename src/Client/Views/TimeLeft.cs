using System.Diagnostics;

namespace MedGenCluster.Client.Views;

/// <summary>Estimates how long something still takes from the share that was done since it was first looked at.</summary>
internal sealed class TimeLeft(double least)
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private double _start = -1;

    public TimeSpan Elapsed => _elapsed.Elapsed;

    /// <summary>Time left in words if the pace stays; null before <c>least</c> of the whole is done.</summary>
    /// <param name="progress">0 to 1.</param>
    /// <param name="start">What had been done when the view opened; null takes what it first saw.</param>
    public string? Of(double progress, double? start = null)
    {
        if (_start < 0)
        {
            _start = progress;
        }

        var done = progress - (start ?? _start);
        return done < least || progress >= 1 ? null : Text(_elapsed.Elapsed * ((1 - progress) / done));
    }

    public static string Text(TimeSpan span) => span.TotalHours >= 1
        ? $"{(int)span.TotalHours} h {span.Minutes} min"
        : span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes} min {span.Seconds} s" : $"{(int)Math.Ceiling(span.TotalSeconds)} s";
}

namespace MedGenCluster.Client.Views;

/// <summary>One line of progress on standard error: written over itself on a terminal, else a plain line now and then.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(5);

    private readonly bool _plain = Console.IsErrorRedirected;
    private readonly TimeProvider _time = TimeProvider.System;
    private string _shown = "";
    private long? _at;

    public void Show(string text)
    {
        if (text == _shown || (_plain && _at is { } at && _time.GetElapsedTime(at) < PlainPause))
        {
            return;
        }

        if (_plain)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write('\r' + text.PadRight(_shown.Length));
        }

        (_shown, _at) = (text, _time.GetTimestamp());
    }

    public void End()
    {
        if (!_plain && _shown.Length > 0)
        {
            Console.Error.WriteLine();
        }
    }
}

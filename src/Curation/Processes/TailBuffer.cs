using System.Text;

namespace MedGenCluster.Curation.Processes;

/// <summary>Keeps the last bytes of a stream that is read by one thread and looked at by others.</summary>
internal sealed class TailBuffer(int limit)
{
    private readonly Lock _lock = new();
    private readonly byte[] _kept = new byte[limit];
    private long _total;

    /// <summary>From a line's start where there is one.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                if (_total <= limit)
                    return Encoding.UTF8.GetString(_kept, 0, (int)_total).Trim();
                var start = (int)(_total % limit);
                var text = Encoding.UTF8.GetString([.. _kept.AsSpan(start), .. _kept.AsSpan(0, start)]);
                var line = text.IndexOf('\n');
                return (line >= 0 && line < text.Length - 1 ? text[(line + 1)..] : text).Trim();
            }
        }
    }

    public void Read(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                lock (_lock)
                {
                    for (var i = 0; i < read; i++)
                        _kept[(_total + i) % limit] = buffer[i];
                    _total += read;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The pipe broke with the process.
        }
    }
}

using System.Text;

namespace MedGenCluster.Curation.Processes;

/// <summary>Reads a stream to its end and keeps a bounded part of it.</summary>
internal static class BoundedText
{
    /// <summary>The last <paramref name="limit"/> bytes, cut at a line's start where there is one.</summary>
    public static string Tail(Stream stream, int limit, Action<int>? onBytes = null)
    {
        var kept = new byte[limit];
        var buffer = new byte[4096];
        long total = 0;
        int read;
        while ((read = ReadOrEnd(stream, buffer)) > 0)
        {
            onBytes?.Invoke(read);
            for (int i = 0; i < read; i++)
                kept[(total + i) % limit] = buffer[i];
            total += read;
        }

        if (total <= limit)
            return Encoding.UTF8.GetString(kept, 0, (int)total).Trim();
        int start = (int)(total % limit);
        var text = Encoding.UTF8.GetString([.. kept.AsSpan(start), .. kept.AsSpan(0, start)]);
        int line = text.IndexOf('\n');
        return (line >= 0 && line < text.Length - 1 ? text[(line + 1)..] : text).Trim();
    }

    /// <summary>The first <paramref name="limit"/> bytes; what follows is read and dropped.</summary>
    public static string Head(Stream stream, int limit)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16384];
        int read;
        while ((read = ReadOrEnd(stream, buffer)) > 0)
            kept.Write(buffer, 0, (int)Math.Min(read, limit - kept.Length));
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private static int ReadOrEnd(Stream stream, byte[] buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }
}

using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>How the copying of a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>The body is over.</summary>
    Over,

    /// <summary>It broke off or stalled.</summary>
    Broken,

    /// <summary>More came than was announced.</summary>
    Excess,

    /// <summary>More came than a file may have.</summary>
    TooLarge,

    /// <summary>The first bytes are no video's.</summary>
    NotVideo,

    /// <summary>The bytes could not be written.</summary>
    Unwritten,
}

/// <param name="Why">In words; null for <see cref="BodyEnd.Over"/>.</param>
internal readonly record struct BodyResult(BodyEnd End, string? Why = null);

/// <summary>Writes a body behind the bytes of a part.</summary>
/// <remarks>Bytes go from the socket into a pooled buffer and from there into the page cache, without a task for each write; a download costs little more
/// than the copies.</remarks>
/// <param name="from">Place of the body's first byte in the file.</param>
/// <param name="end">Place behind its last byte, where that was announced.</param>
/// <param name="judge">Told the first bytes of a file; says why they are no video's. Null where the beginning is there already.</param>
internal sealed class BodyCopy(SafeFileHandle file, long from, long? end, Func<ReadOnlySpan<byte>, string?>? judge, DownloadOptions options, StallWatch watch)
{
    private const int BufferLength = 1 << 17;

    private long _written = from;
    private int _unwatched;

    public async Task<BodyResult> RunAsync(Stream body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            return await CopyAsync(body, buffer).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<BodyResult> CopyAsync(Stream body, byte[] buffer)
    {
        var judged = judge is null;
        var filled = 0;
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer.AsMemory(filled), watch.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (HostExchange.Trouble(error, watch) is { } trouble)
            {
                // What came before is kept, unless it is too little to tell what it is.
                return judged && Write(buffer.AsSpan(0, filled)) is { } failure ? failure : new BodyResult(BodyEnd.Broken, trouble);
            }

            Watch(read);
            filled += read;
            if (!judged && (filled >= MediaSignature.Length || read == 0))
            {
                if (judge!(buffer.AsSpan(0, filled)) is { } foreign)
                {
                    return new BodyResult(BodyEnd.NotVideo, foreign);
                }

                judged = true;
            }

            if (!judged)
            {
                continue;
            }

            if (Write(buffer.AsSpan(0, filled)) is { } result)
            {
                return result;
            }

            filled = 0;
            if (read == 0)
            {
                return end is { } announced && _written < announced ? new BodyResult(BodyEnd.Broken, "the body ended early") : new BodyResult(BodyEnd.Over);
            }
        }
    }

    private BodyResult? Write(ReadOnlySpan<byte> bytes)
    {
        if (_written + bytes.Length > end)
        {
            return new BodyResult(BodyEnd.Excess, $"more than the announced {end} bytes came");
        }

        if (_written + bytes.Length > options.MaxBytes)
        {
            return new BodyResult(BodyEnd.TooLarge, $"it has more than {options.MaxBytes} bytes");
        }

        try
        {
            RandomAccess.Write(file, bytes, _written);
        }
        catch (IOException error)
        {
            return new BodyResult(BodyEnd.Unwritten, error.Message);
        }

        _written += bytes.Length;
        return null;
    }

    private void Watch(int read)
    {
        // Drops that keep a connection open for days are no movement.
        _unwatched += read;
        if (_unwatched >= options.StallBytes)
        {
            _unwatched = 0;
            watch.Moved();
        }
    }
}

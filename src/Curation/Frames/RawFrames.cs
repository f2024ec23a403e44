using System.Buffers;
using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Frames;

/// <summary>Takes one frame. The picture's bytes are valid during the call only. It may block: the decoder then waits.</summary>
/// <param name="index">Number of the delivered frame, from 0.</param>
/// <param name="picture">Square pixels, upright.</param>
public delegate void FrameHandler(int index, Rgb24View picture);

/// <summary>Cuts a raw rgb24 pipe into frames. One pooled buffer is used for all of them.</summary>
internal static class RawFrames
{
    /// <summary>Reads to the end of the stream and returns the number of whole frames; an incomplete last one is dropped.</summary>
    public static int ReadAll(Stream stream, (int Width, int Height) size, FrameHandler handler, CancellationToken cancellationToken)
    {
        int length = checked(size.Width * size.Height * 3);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (int count = 0; ; count++)
            {
                if (stream.ReadAtLeast(buffer.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                    return count;
                cancellationToken.ThrowIfCancellationRequested();
                handler(count, new Rgb24View(buffer.AsSpan(0, length), size.Width, size.Height));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

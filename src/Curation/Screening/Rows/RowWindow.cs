using System.Buffers;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>The bytes of a stream that come next. What is taken leaves with the buffer that it was read into, so that rows are not copied.</summary>
internal sealed class RowWindow(CandidateStream stream) : IDisposable
{
    /// <summary>What a buffer holds besides the bytes that are wanted.</summary>
    public const int Overhead = WordFilter.Padding + 1;

    private byte[] _buffer = [];
    private int _count;
    private bool _ended;

    /// <summary>Offset in the uncompressed stream of the byte that comes next.</summary>
    public long Offset { get; private set; }

    /// <summary>The next bytes: as many as wanted, or all that are left.</summary>
    /// <param name="wanted">At least 1.</param>
    /// <param name="isRest">True if the stream holds nothing behind them.</param>
    public ReadOnlySpan<byte> Ahead(int wanted, out bool isRest)
    {
        // One byte more than wanted tells whether these are the last.
        while (!_ended && _count <= wanted)
        {
            Grow(wanted + Overhead);
            var read = stream.Fill(_buffer.AsSpan(_count, wanted + 1 - _count));
            _ended = read < wanted + 1 - _count;
            _count += read;
        }

        isRest = _ended && _count <= wanted;
        return _buffer.AsSpan(0, Math.Min(wanted, _count));
    }

    /// <summary>Gives away the buffer with the next <paramref name="length"/> bytes in front.</summary>
    public byte[] Take(int length)
    {
        var taken = _buffer;
        var rest = _count - length;
        _buffer = ArrayPool<byte>.Shared.Rent(rest + Overhead);
        taken.AsSpan(length, rest).CopyTo(_buffer);
        _count = rest;
        Offset += length;
        return taken;
    }

    /// <summary>Passes over bytes that <see cref="Ahead"/> has shown.</summary>
    public void Drop(int length)
    {
        _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
        _count -= length;
        Offset += length;
    }

    /// <summary>Passes over everything before an offset that is not behind already.</summary>
    public void SkipTo(long offset)
    {
        if (offset - Offset <= _count)
        {
            Drop((int)(offset - Offset));
            return;
        }

        stream.Skip(offset - Offset - _count);
        (_count, _ended, Offset) = (0, false, offset);
    }

    public void Dispose()
    {
        stream.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));
    }

    private void Grow(int capacity)
    {
        if (_buffer.Length < capacity)
        {
            var larger = ArrayPool<byte>.Shared.Rent(capacity);
            _buffer.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}

namespace MedGenCluster.Curation.Processes;

/// <summary>A program's standard output as its consumer sees it. It tells a program that produces nothing apart from a consumer that
/// takes nothing: only the former is the program's fault.</summary>
internal sealed class ProgressStream(Stream inner) : Stream
{
    private long _bytes;
    private volatile bool _waiting;
    private volatile bool _ended;

    public long BytesRead => Interlocked.Read(ref _bytes);

    /// <summary>The consumer is inside a read.</summary>
    public bool ConsumerWaits => _waiting;

    /// <summary>The program has closed its end.</summary>
    public bool Ended => _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        _waiting = true;
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        finally
        {
            _waiting = false;
        }

        Interlocked.Add(ref _bytes, read);
        if (read == 0 && !buffer.IsEmpty)
            _ended = true;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // Consumers run on a thread of their own (see ProcessRunner), where a blocking read costs less than an asynchronous one.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : new ValueTask<int>(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

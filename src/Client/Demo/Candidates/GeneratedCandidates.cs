namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>A file of candidates that exists only while it is read.</summary>
internal sealed class GeneratedCandidates(CandidateRecipe recipe) : Stream
{
    private readonly CandidateRows _rows = new(recipe);
    private readonly RowBuffer _buffer = new(256 * 1024);
    private long _next;
    private int _planted;
    private int _taken;

    /// <summary>Bytes read so far.</summary>
    public override long Position { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _buffer.Count)
        {
            Refill();
        }

        var part = _buffer.Written[_taken..];
        part = part[..Math.Min(part.Length, buffer.Length)];
        part.CopyTo(buffer);
        _taken += part.Length;
        Position += part.Length;
        return part.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Refill()
    {
        _buffer.Clear();
        _taken = 0;
        while (_buffer.Free >= CandidateRows.MaxRowBytes && (_next < recipe.Rows || _planted < recipe.Planted.Count))
        {
            // The planted rows stand behind equal shares of the generated ones.
            if (_planted < recipe.Planted.Count && _next >= recipe.Rows * (_planted + 1L) / (recipe.Planted.Count + 1))
            {
                var row = recipe.Planted[_planted++].Span;
                _buffer.Add(row.Length < CandidateRows.MaxRowBytes ? row : throw new InvalidOperationException($"Planted row {_planted} has {row.Length} bytes; at most {CandidateRows.MaxRowBytes - 1} fit."));
                _buffer.Add("\n"u8);
            }
            else
            {
                _rows.Write(_next++, _buffer);
            }
        }
    }
}

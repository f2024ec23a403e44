using System.Buffers;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Whole rows of a file, one behind the other, in a pooled buffer. Dispose it when its rows are read; spans into it end with that.</summary>
public sealed class CandidateBlock : IDisposable
{
    private byte[]? _buffer;

    internal CandidateBlock(byte[] buffer, int length, CandidateFormat format, CsvHeader? header, CandidatePosition start, CandidatePosition end)
    {
        _buffer = buffer;
        Length = length;
        Format = format;
        Header = header;
        Start = start;
        End = end;
    }

    public CandidateFormat Format { get; }

    /// <summary>Where its first row begins.</summary>
    public CandidatePosition Start { get; }

    /// <summary>Where the next block begins; a checkpoint from which <see cref="CandidateBlocks"/> can go on.</summary>
    public CandidatePosition End { get; }

    /// <summary>Bytes of rows. 0 where a block only tells of trouble.</summary>
    public int Length { get; }

    /// <summary>What the reader of blocks found wrong, with line numbers: rows that are too long to hold, quotes that never close, the early end of an archive.</summary>
    public IReadOnlyList<(RowTrouble Trouble, long Line)> Troubles { get; internal init; } = [];

    public ReadOnlySpan<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(CandidateBlock))).AsSpan(0, Length);

    /// <summary>The rows and at least <see cref="WordFilter.Padding"/> bytes behind them, so that vectors may be read whole.</summary>
    internal ReadOnlySpan<byte> Padded => _buffer ?? throw new ObjectDisposedException(nameof(CandidateBlock));

    internal CsvHeader? Header { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

using System.Buffers;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Reads a file of candidates, plain or gzip, block by block in memory that does not depend on its size. For one thread.</summary>
public sealed class CandidateBlocks : IDisposable
{
    private readonly CandidateStream _stream;
    private readonly RowWindow _window;
    private readonly CandidateBlockOptions _options;
    private readonly CsvHeader? _header;
    private long _line = 1;
    private bool _toldOfTruncation;

    private CandidateBlocks(CandidateStream stream, string name, CandidatePosition from, CandidateBlockOptions options)
    {
        options.Validate();
        _stream = stream;
        _window = new RowWindow(stream);
        _options = options;
        if (_window.Ahead(3, out _) is [0xEF, 0xBB, 0xBF])
        {
            _window.Drop(3);
        }

        Format = options.Format ?? CandidateFormats.Of(name, _window.Ahead(options.BlockBytes, out _));
        _header = Format == CandidateFormat.Ndjson ? null : ReadHeader();
        if (from.Offset > _window.Offset)
        {
            _window.SkipTo(from.Offset);
            _line = from.Line;
        }
    }

    public CandidateFormat Format { get; }

    /// <param name="path">A file, plain or gzip; gzip is recognised by its first bytes.</param>
    /// <param name="from">The file's start, or the <see cref="CandidateBlock.End"/> of a block of an earlier reading with equal options.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static CandidateBlocks Open(string path, CandidatePosition from = default, CandidateBlockOptions? options = null) =>
        new(CandidateStream.Open(path), path, from, options ?? new CandidateBlockOptions());

    /// <summary>Reads a stream that is no file, uncompressed; the stream is disposed with the reader.</summary>
    public static CandidateBlocks Of(Stream stream, CandidateBlockOptions? options = null) =>
        new(new CandidateStream(stream), "", default, options ?? new CandidateBlockOptions());

    /// <summary>The next block; null at the end.</summary>
    /// <exception cref="IOException">The file cannot be read any more. An archive that ends early is no exception but the last block's trouble.</exception>
    public CandidateBlock? Read()
    {
        // Pools hand out buffers whose size is a power of two.
        for (var wanted = _options.BlockBytes - RowWindow.Overhead; ; wanted = (int)Math.Min(wanted * 2L, _options.MaxRowBytes))
        {
            var ahead = _window.Ahead(wanted, out var isRest);
            // The row in which an archive breaks off is no row.
            var end = LastRowEnd(ahead, isRest && !_stream.IsTruncated);
            if (end > 0)
            {
                return Block(end);
            }

            if (isRest && (ahead.IsEmpty || _stream.IsTruncated))
            {
                return Last(ahead.Length);
            }

            if (isRest || wanted >= _options.MaxRowBytes)
            {
                return Unusable(ahead, isRest);
            }
        }
    }

    public void Dispose() => _window.Dispose();

    private CsvHeader ReadHeader()
    {
        var ahead = _window.Ahead(_options.BlockBytes, out _);
        var end = CsvTokenizer.Read(ahead, 0, CandidateFormats.Delimiter(Format), null, out _);
        end = end < 0 ? CsvTokenizer.LineEnd(ahead, 0) : end;
        var header = new CsvHeader(ahead[..end], CandidateFormats.Delimiter(Format));
        _line += ahead[..end].Count((byte)'\n');
        _window.Drop(end);
        return header;
    }

    /// <summary>Index behind the last whole row; 0 where there is none.</summary>
    private int LastRowEnd(ReadOnlySpan<byte> text, bool isRest)
    {
        if (Format == CandidateFormat.Ndjson)
        {
            return isRest ? text.Length : text.LastIndexOf((byte)'\n') + 1;
        }

        var end = 0;
        while (end < text.Length)
        {
            var next = CsvTokenizer.Read(text, end, CandidateFormats.Delimiter(Format), null, out _);
            if (next < 0 || (!isRest && text[next - 1] != '\n'))
            {
                break;
            }

            end = next;
        }

        return end;
    }

    private CandidateBlock Block(int length)
    {
        var start = new CandidatePosition(_window.Offset, _line);
        var buffer = _window.Take(length);
        _line += buffer.AsSpan(0, length).Count((byte)'\n');
        return new CandidateBlock(buffer, length, Format, _header, start, new CandidatePosition(_window.Offset, _line));
    }

    /// <summary>Null, or once the news that the archive broke off.</summary>
    private CandidateBlock? Last(int remainder)
    {
        if (!_stream.IsTruncated || _toldOfTruncation)
        {
            return null;
        }

        _toldOfTruncation = true;
        var start = new CandidatePosition(_window.Offset, _line);
        _window.Drop(remainder);
        return Notice(RowTrouble.TruncatedArchive, start);
    }

    /// <summary>Passes over one line: it is too long itself, or the quote that opens in it does not close within the limit.</summary>
    private CandidateBlock Unusable(ReadOnlySpan<byte> ahead, bool isRest)
    {
        var start = new CandidatePosition(_window.Offset, _line);
        var isLine = isRest || ahead.Contains((byte)'\n');
        while (!isRest && !ahead.Contains((byte)'\n'))
        {
            _window.Drop(ahead.Length);
            ahead = _window.Ahead(_options.BlockBytes, out isRest);
        }

        var end = CsvTokenizer.LineEnd(ahead, 0);
        _line += ahead[..end].Count((byte)'\n');
        _window.Drop(end);
        return Notice(isLine ? RowTrouble.MalformedCsv : RowTrouble.TooLong, start);
    }

    private CandidateBlock Notice(RowTrouble trouble, CandidatePosition start) =>
        new(ArrayPool<byte>.Shared.Rent(1), 0, Format, _header, start, new CandidatePosition(_window.Offset, _line)) { Troubles = [(trouble, start.Line)] };
}

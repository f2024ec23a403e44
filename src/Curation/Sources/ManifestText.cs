using System.IO.Compression;
using System.Text;

namespace MedGenCluster.Curation.Sources;

/// <summary>A line without its end.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Empty where <paramref name="TooLong"/>.</param>
/// <param name="End"><c>\n</c>, <c>\r\n</c>, or empty at the end of the file.</param>
/// <param name="TooLong">True if the line exceeds <see cref="ManifestText.MaxLineLength"/>; its text is not kept.</param>
internal sealed record ManifestLine(long Number, string Text, string End, bool TooLong);

/// <summary>The lines of a text file, gzip or plain, UTF-8 (or UTF-16 with a byte order mark), in memory bounded by one line.</summary>
internal sealed class ManifestText : IAsyncDisposable
{
    /// <summary>Characters of a line that are accepted at the most.</summary>
    public const int MaxLineLength = 10 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _bytes = new byte[64 * 1024];
    private readonly char[] _chars = new char[(64 * 1024) + 2];
    private Decoder? _decoder;
    private int _position;
    private int _count;
    private bool _ended;
    private long _lineNumber;

    private ManifestText(Stream stream) => _stream = stream;

    /// <summary>Why reading stopped before the end: a truncated or damaged archive, a failing disk. Null while all is well. Lines before it are whole.</summary>
    public string? Damage { get; private set; }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static async Task<ManifestText> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            var head = new byte[2];
            var isGzip = await file.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancellationToken) == 2 && head is [0x1F, 0x8B];
            file.Position = 0;
            return new ManifestText(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first character that is not white space, without consuming anything; null in an empty file.</summary>
    public async ValueTask<char?> PeekAsync(CancellationToken cancellationToken)
    {
        if (_position < _count || await FillAsync(cancellationToken))
        {
            var text = _chars.AsSpan(_position, _count - _position).TrimStart();
            return text.IsEmpty ? null : text[0];
        }

        return null;
    }

    /// <summary>The next line; null at the end or where <see cref="Damage"/> begins. A line that damage cuts short is not returned.</summary>
    public async ValueTask<ManifestLine?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var tooLong = false;
        var any = false;
        while (_position < _count || await FillAsync(cancellationToken))
        {
            any = true;
            var rest = _chars.AsSpan(_position, _count - _position);
            var newline = rest.IndexOf('\n');
            var part = newline < 0 ? rest : rest[..newline];
            tooLong |= text.Length + part.Length > MaxLineLength;
            if (tooLong)
            {
                text.Clear();
            }
            else
            {
                text.Append(part);
            }

            _position += newline < 0 ? rest.Length : newline + 1;
            if (newline >= 0)
            {
                return Finish(text, tooLong, "\n");
            }
        }

        return any && Damage is null ? Finish(text, tooLong, "") : null;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private ManifestLine Finish(StringBuilder text, bool tooLong, string end)
    {
        if (end.Length > 0 && text.Length > 0 && text[^1] == '\r')
        {
            text.Length--;
            end = "\r\n";
        }

        return new ManifestLine(++_lineNumber, text.ToString(), end, tooLong);
    }

    /// <summary>Decodes the next bytes; false at the end. Bytes are decoded as they come, so that nothing read before damage is lost.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _position = _count = 0;
        while (_count == 0 && !_ended)
        {
            var read = 0;
            try
            {
                read = _decoder is null
                    ? await _stream.ReadAtLeastAsync(_bytes, 3, throwOnEndOfStream: false, cancellationToken)
                    : await _stream.ReadAsync(_bytes, cancellationToken);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                Damage = e.Message;
            }

            _ended = read == 0;
            var skip = 0;
            if (_decoder is null)
            {
                (_decoder, skip) = Detect(_bytes.AsSpan(0, read));
            }

            _count = _decoder.GetChars(_bytes.AsSpan(skip, read - skip), _chars, flush: _ended && Damage is null);
        }

        return _count > 0;
    }

    private static (Decoder Decoder, int MarkLength) Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8.GetDecoder(), 3),
        [0xFF, 0xFE, ..] => (Encoding.Unicode.GetDecoder(), 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode.GetDecoder(), 2),
        _ => (Encoding.UTF8.GetDecoder(), 0),
    };
}

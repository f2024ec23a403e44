using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Brings a field into the form that the matcher reads: no escapes, and outside ASCII only letters and digits, in lower case and without accents.
/// ASCII stays as it is; the matcher lowers it as it goes. Reusable; not for two threads at once.</summary>
internal sealed class TextFolder
{
    // A character becomes at most twice as long; eight bytes are written for each, into the padding where it is the last.
    private static readonly SearchValues<byte> PlainStops = SearchValues.Create([.. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> JsonStops = SearchValues.Create([(byte)'\\', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> CsvStops = SearchValues.Create([(byte)'"', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private byte[] _buffer = new byte[4096];

    /// <summary>The folded text and <see cref="WordFilter.Padding"/> bytes behind it.</summary>
    public ReadOnlySpan<byte> Padded => _buffer;

    /// <summary>Folds a text to the start of <see cref="Padded"/>; returns its bytes.</summary>
    public int Fold(ReadOnlySpan<byte> raw, TextEncoding encoding)
    {
        if (_buffer.Length < (raw.Length * 2) + WordFilter.Padding)
        {
            _buffer = new byte[(raw.Length * 2) + WordFilter.Padding];
        }

        var stops = Stops(encoding);
        var read = 0;
        var written = 0;
        while (true)
        {
            var run = raw[read..].IndexOfAny(stops);
            run = run < 0 ? raw.Length - read : run;
            raw.Slice(read, run).CopyTo(_buffer.AsSpan(written));
            read += run;
            written += run;
            if (read == raw.Length)
            {
                return written;
            }

            read += FoldOne(raw[read..], encoding, ref written);
        }
    }

    private static SearchValues<byte> Stops(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Json => JsonStops,
        TextEncoding.Csv => CsvStops,
        _ => PlainStops,
    };

    /// <summary>Folds the characters outside ASCII, or the escape, that stand first; returns how many bytes it read.</summary>
    private int FoldOne(ReadOnlySpan<byte> rest, TextEncoding encoding, ref int written)
    {
        switch (rest[0])
        {
            case (byte)'\\':
                var escape = JsonEscape.Read(rest);
                Write(escape.CodePoint, ref written);
                return escape.Length;
            case (byte)'"':
                _buffer[written++] = (byte)'"';
                return Math.Min(2, rest.Length);
            default:
                var read = 0;
                do
                {
                    Rune.DecodeFromUtf8(rest[read..], out var rune, out var length);
                    Write(rune.Value, ref written);
                    read += length;
                }
                while (read < rest.Length && rest[read] >= 0x80);
                return read;
        }
    }

    private void Write(int codePoint, ref int written)
    {
        if (codePoint < 0x80)
        {
            _buffer[written++] = (byte)codePoint;
            return;
        }

        var folded = LetterFolding.Of(codePoint);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(written, 8), folded);
        written += (int)(folded >> 56);
    }
}

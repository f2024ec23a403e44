using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Brings a field into the form that the matcher reads: no escapes, and outside ASCII only letters and digits, in lower case and without accents.
/// ASCII stays as it is; the matcher lowers it as it goes. Reusable; not for two threads at once.</summary>
internal sealed class TextFolder
{
    // A character becomes at most twice as long; eight bytes are written for each, into the padding where it is the last.
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

        var stop = encoding switch
        {
            TextEncoding.Json => (byte)'\\',
            TextEncoding.Csv => (byte)'"',
            _ => (byte)0x80,
        };
        var read = 0;
        var written = 0;
        while (read < raw.Length)
        {
            var run = Math.Min(CopyRun(raw, read, written, stop), raw.Length - read);
            read += run;
            written += run;
            if (read < raw.Length && (raw[read] == stop || raw[read] >= 0x80))
            {
                read += FoldOne(raw[read..], encoding, ref written);
            }
        }

        return written;
    }

    /// <summary>Copies the bytes up to the next that must be folded, at most 32; returns their number. More may be written behind them.</summary>
    private int CopyRun(ReadOnlySpan<byte> raw, int read, int written, byte stop)
    {
        if (raw.Length - read >= 32)
        {
            var bytes = Vector256.LoadUnsafe(in raw[read]);
            bytes.StoreUnsafe(ref _buffer[written]);
            var stops = (bytes | Vector256.Equals(bytes, Vector256.Create(stop))).ExtractMostSignificantBits();
            return BitOperations.TrailingZeroCount(stops);
        }

        var run = 0;
        for (; read + run < raw.Length && raw[read + run] < 0x80 && raw[read + run] != stop; run++)
        {
            _buffer[written + run] = raw[read + run];
        }

        return run;
    }

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

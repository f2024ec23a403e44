using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Finds the fields of JSON objects, and validates all of each. Takes rows of texts, integers, truth values and arrays of texts itself, helped by what the
/// rows before looked like; leaves all others, and every doubt, to <see cref="JsonRowParser"/>. For one thread.</summary>
internal sealed class JsonRowReader(RowFields fields, WordFilter filter)
{
    private const int MostGaps = 256;

    private readonly JsonGap _root = JsonGap.Root();
    private readonly Dictionary<string, JsonGap> _gaps = [];

    /// <summary>Reads the object at <paramref name="start"/>; returns the index behind it, or -1 where this reader cannot judge the row.</summary>
    /// <param name="padded">What the fields will point into; 64 bytes behind <paramref name="end"/> are readable.</param>
    /// <param name="start">Where the row begins in it.</param>
    /// <param name="end">Where the text ends; the row may end before.</param>
    public int TryRead(ReadOnlySpan<byte> padded, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end + WordFilter.Padding, padded.Length, nameof(padded));
        fields.Clear();
        ref var text = ref MemoryMarshal.GetReference(padded);
        var position = start;
        var gap = _root;
        while (true)
        {
            var next = gap.Next;
            if (next is null || !next.IsAt(in Unsafe.Add(ref text, position)))
            {
                next = gap.Second is { } second && second.IsAt(in Unsafe.Add(ref text, position)) ? second : Learn(padded, position, end, gap);
                if (next is null)
                {
                    return -1;
                }
            }

            gap = next;
            position += gap.Length;
            var slice = default(FieldSlice);
            position = gap.IsMatched ? Matched(padded, position, end, gap.Column!.Value, ref slice) : Value(ref text, position, end, ref slice);
            if (position < 0)
            {
                return -1;
            }

            if (gap.Column is { } column)
            {
                fields[column] = slice;
            }

            if (Unsafe.Add(ref text, position) == '}')
            {
                return position < end ? position + 1 : -1;
            }
        }
    }

    /// <summary>Reads a text that terms are looked for in, or an array of such.</summary>
    private int Matched(ReadOnlySpan<byte> padded, int position, int end, Column column, ref FieldSlice slice)
    {
        ref var text = ref MemoryMarshal.GetReference(padded);
        var probe = new JsonTextProbe(filter, padded, end);
        var start = position;
        switch (Unsafe.Add(ref text, position))
        {
            case (byte)'"':
                position = probe.Read(position + 1);
                slice = new FieldSlice(start + 1, position - start - 1, FieldKind.Text, probe.IsEscaped ? TextEncoding.Json : TextEncoding.Plain);
                break;
            case (byte)'[':
                position = Texts(ref text, ref probe, position);
                slice = new FieldSlice(start, position + 1 - start, FieldKind.TextArray, TextEncoding.Json);
                break;
            default:
                // Another kind of value, such as null.
                fields.Suspect(column, true);
                return Value(ref text, position, end, ref slice);
        }

        fields.Suspect(column, probe.MayHold);
        return position < 0 ? -1 : position + 1;
    }

    /// <summary>Index behind the value; -1 where the parser must judge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Value(ref byte text, int position, int end, ref FieldSlice slice)
    {
        if (position >= end)
        {
            return -1;
        }

        switch (Unsafe.Add(ref text, position))
        {
            case (byte)'"':
                var isEscaped = false;
                var quote = JsonText.StringEnd(in text, position + 1, end, ref isEscaped);
                slice = new FieldSlice(position + 1, quote - position - 1, FieldKind.Text, isEscaped ? TextEncoding.Json : TextEncoding.Plain);
                return quote < 0 ? -1 : quote + 1;
            case >= (byte)'0' and <= (byte)'9':
                var last = JsonText.NumberEnd(in text, position);
                slice = new FieldSlice(position, last - position, FieldKind.Text, TextEncoding.Plain);
                return last;
            case (byte)'n':
                return Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, position)) == Four("null"u8) ? position + 4 : -1;
            case (byte)'t':
                slice = new FieldSlice(position, 4, FieldKind.Text, TextEncoding.Plain);
                return Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, position)) == Four("true"u8) ? position + 4 : -1;
            case (byte)'f':
                slice = new FieldSlice(position, 5, FieldKind.Text, TextEncoding.Plain);
                return Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, position + 1)) == Four("alse"u8) ? position + 5 : -1;
            case (byte)'[':
                var others = new JsonTextProbe(filter, MemoryMarshal.CreateReadOnlySpan(ref text, end + WordFilter.Padding), end);
                var bracket = Texts(ref text, ref others, position);
                slice = new FieldSlice(position, bracket + 1 - position, FieldKind.TextArray, TextEncoding.Json);
                return bracket < 0 ? -1 : bracket + 1;
            default:
                return -1;
        }
    }

    /// <summary>Index of the bracket that closes an array of nothing but texts, with the spaces that programs write; -1 for other arrays.</summary>
    private static int Texts(ref byte text, ref JsonTextProbe probe, int start)
    {
        var position = start + 1;
        if (Unsafe.Add(ref text, position) == ']')
        {
            return position;
        }

        while (Unsafe.Add(ref text, position) == '"')
        {
            position = probe.Read(position + 1) + 1;
            switch (position == 0 ? 0 : Unsafe.Add(ref text, position))
            {
                case (byte)']':
                    return position;
                case (byte)',':
                    position += Unsafe.Add(ref text, position + 1) == ' ' ? 2 : 1;
                    break;
                default:
                    return -1;
            }
        }

        return -1;
    }

    private static uint Four(ReadOnlySpan<byte> word) => MemoryMarshal.Read<uint>(word);

    /// <summary>Parses the gap at <paramref name="position"/> and remembers it behind the one before; null where the parser must judge.</summary>
    private JsonGap? Learn(ReadOnlySpan<byte> padded, int position, int end, JsonGap before)
    {
        var at = position;
        if (at >= end || padded[at] != (before == _root ? '{' : ','))
        {
            return null;
        }

        at = WithoutSpace(padded, at + 1, end);
        if (at >= end || padded[at] != '"')
        {
            return null;
        }

        var isEscaped = false;
        var name = at + 1;
        at = JsonText.StringEnd(in MemoryMarshal.GetReference(padded), name, end, ref isEscaped);
        if (at < 0 || isEscaped)
        {
            return null;
        }

        var column = fields.Named(padded[name..at]);
        at = WithoutSpace(padded, at + 1, end);
        if (at >= end || padded[at] != ':')
        {
            return null;
        }

        at = WithoutSpace(padded, at + 1, end);
        if (!JsonGap.Fits(at - position) || _gaps.Count == MostGaps)
        {
            return null;
        }

        var key = Encoding.Latin1.GetString(padded[position..at]);
        if (!_gaps.TryGetValue(key, out var gap))
        {
            gap = new JsonGap(padded[position..at], column);
            _gaps.Add(key, gap);
        }

        before.Second = before.Next;
        before.Next = gap;
        return gap;
    }

    private static int WithoutSpace(ReadOnlySpan<byte> padded, int position, int end)
    {
        while (position < end && padded[position] is (byte)' ' or (byte)'\t')
        {
            position++;
        }

        return position;
    }
}

using System.Buffers.Binary;

namespace MedGenCluster.Curation.Screening.Channels;

/// <summary>Which channel a row belongs to, in 64 bits that are the same on every machine and in every run. Two channels of five million share a key with
/// a probability of about one in a million; their rows would then be counted together.</summary>
/// <param name="Value">0 where the row names no channel.</param>
public readonly record struct ChannelKey(ulong Value)
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD1B54A32D192ED03;

    /// <summary>The row names no channel.</summary>
    public static readonly ChannelKey None = new(0);

    public bool IsNone => Value == 0;

    /// <param name="channel">What names the channel, as UTF-8 without escapes: its id, else its URL, else its name, else the uploader. Empty where nothing does.</param>
    public static ChannelKey Of(ReadOnlySpan<byte> channel) => channel.IsEmpty ? None : Hash(channel);

    // Multiply and fold, eight bytes at a time: a key is made for every row, so a cryptographic hash would cost more than the keyword search.
    private static ChannelKey Hash(ReadOnlySpan<byte> bytes)
    {
        var state = First ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            state = Fold(state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Second);
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            tail |= (ulong)bytes[i] << (8 * i);
        }

        state = Fold(Fold(state ^ tail, Second) ^ First, Second);
        return new ChannelKey(state == 0 ? 1 : state);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}

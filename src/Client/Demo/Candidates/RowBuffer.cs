using System.Buffers.Text;

namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>Bytes of rows that are being written.</summary>
internal sealed class RowBuffer(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];

    public int Count { get; private set; }

    public int Free => _bytes.Length - Count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Count));
        Count += bytes.Length;
    }

    public void Add(int number)
    {
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Count), out var length);
        Count += length;
    }

    /// <summary>Letters, digits, minus and underscore, as the ids of video platforms are.</summary>
    public void AddId(ulong bits, int length)
    {
        for (var i = 0; i < length; i++, bits = (bits >> 6) | (bits << 58))
        {
            _bytes[Count++] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8[(int)(bits & 63)];
        }
    }
}

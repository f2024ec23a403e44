using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Browsing;

/// <summary>A clip's id as numbers: <c>vHHHHHHHHHHHHHHHH-START-END</c>, times in milliseconds. Numbers sort as the ids do.</summary>
/// <param name="Video">The video's 64 bits; the first eight bytes of an id of another form.</param>
/// <param name="Start">The start's digits from the left, filled up with zeros: texts of digits sort so.</param>
/// <param name="Milliseconds">Length; 0 for an id of another form.</param>
internal readonly record struct ClipName(ulong Video, long Start, int Milliseconds)
{
    private const int Digits = 12;

    public static ClipName Of(string id)
    {
        var (first, last) = (id.IndexOf('-'), id.LastIndexOf('-'));
        if (first == 17 && last > first && id[0] == 'v'
            && ulong.TryParse(id.AsSpan(1, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var video)
            && long.TryParse(id.AsSpan(first + 1, last - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && long.TryParse(id.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var end))
        {
            var left = start;
            for (var digits = last - first - 1; digits < Digits; digits++)
            {
                left *= 10;
            }

            return new ClipName(video, left, (int)Math.Clamp(end - start, 0, int.MaxValue));
        }

        Span<byte> bytes = stackalloc byte[16];
        Encoding.UTF8.TryGetBytes(id.AsSpan(0, Math.Min(id.Length, 4)), bytes, out _);
        return new ClipName(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes), 0, 0);
    }
}

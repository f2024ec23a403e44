namespace MedGenCluster.Curation.Network.Download;

/// <summary>What the first bytes of a file say that it is.</summary>
/// <param name="Extension">Of a video container, with its dot; null where the bytes are no video's.</param>
/// <param name="Foreign">What else it is, in words; null where that is not known.</param>
internal readonly record struct MediaSignature(string? Extension, string? Foreign)
{
    /// <summary>Bytes that a judgement wants.</summary>
    public const int Length = 512;

    /// <summary>The only extensions that a file from the network gets.</summary>
    public static readonly IReadOnlySet<string> Extensions =
        new HashSet<string> { ".mp4", ".mov", ".webm", ".mkv", ".avi", ".flv", ".wmv", ".mpg", ".ts", ".ogv", Unknown };

    /// <summary>Extension of a file that may be a video and is not recognised.</summary>
    public const string Unknown = ".bin";

    private const int PacketLength = 188;

    /// <param name="head">The first <see cref="Length"/> bytes, or all of a shorter file.</param>
    public static MediaSignature Of(ReadOnlySpan<byte> head)
    {
        if (Container(head) is { } extension)
        {
            return new MediaSignature(extension, null);
        }

        return new MediaSignature(null, Else(head));
    }

    private static string? Container(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
        {
            var brand = head.Slice(8, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("heic"u8) || brand.SequenceEqual("M4A "u8))
            {
                return null;
            }

            return brand.SequenceEqual("qt  "u8) ? ".mov" : ".mp4";
        }

        if (head.Length >= 8 && (head[4..].StartsWith("moov"u8) || head[4..].StartsWith("mdat"u8) || head[4..].StartsWith("wide"u8)))
        {
            return ".mov";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return head.IndexOf("webm"u8) >= 0 ? ".webm" : ".mkv";
        }

        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI "u8))
        {
            return ".avi";
        }

        if (head.StartsWith("FLV"u8))
        {
            return ".flv";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]))
        {
            return ".wmv";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xB3]))
        {
            return ".mpg";
        }

        if (head.Length > PacketLength && head[0] == 0x47 && head[PacketLength] == 0x47)
        {
            return ".ts";
        }

        return head.StartsWith("OggS"u8) ? ".ogv" : null;
    }

    private static string? Else(ReadOnlySpan<byte> head)
    {
        var text = head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("<"u8))
        {
            return "a web page or XML";
        }

        if (text.StartsWith("#EXTM3U"u8))
        {
            return "a playlist";
        }

        if (text.StartsWith("{"u8) || text.StartsWith("[{"u8))
        {
            return "JSON";
        }

        if (head.StartsWith("%PDF"u8))
        {
            return "a PDF";
        }

        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return "an archive";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) || head.StartsWith("GIF8"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return "an image";
        }

        if (head.StartsWith("ID3"u8) || head.StartsWith("fLaC"u8) || (head.Length >= 12 && head[4..].StartsWith("ftypM4A"u8)))
        {
            return "audio";
        }

        return null;
    }
}

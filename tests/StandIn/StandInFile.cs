using System.Security.Cryptography;

namespace MedGenCluster.StandIn;

/// <summary>A file that the stand-in serves.</summary>
/// <param name="ContentType">Null sends none.</param>
/// <param name="ETag">With its quotes, <c>W/</c> in front where it is weak; null sends none.</param>
/// <param name="LastModified">Whole seconds; null sends none.</param>
public sealed record StandInFile(ReadOnlyMemory<byte> Content, string? ContentType = "video/mp4", string? ETag = null, DateTimeOffset? LastModified = null)
{
    /// <summary>A file with the strong ETag of its content.</summary>
    public static StandInFile Tagged(byte[] content, string contentType = "video/mp4") =>
        new(content, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");

    /// <summary>Bytes that begin as an MP4 file and go on as noise: enough for whoever looks at signatures alone.</summary>
    /// <param name="seed">Same seed, same bytes.</param>
    public static byte[] Noise(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        ReadOnlySpan<byte> head = [0, 0, 0, 32, .. "ftypisom"u8, 0, 0, 2, 0, .. "isomiso2avc1mp41"u8];
        head[..Math.Min(head.Length, length)].CopyTo(content);
        return content;
    }
}

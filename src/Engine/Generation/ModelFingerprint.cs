using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Engine.Generation;

/// <summary>Tells models apart by their content, without reading all of what may be tens of gigabytes.</summary>
public static class ModelFingerprint
{
    private const int Piece = 1 << 20;

    /// <summary>The first 16 hexadecimal digits of a SHA-256 over every file's relative path, length and first and last MiB, in the order of the paths.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string Of(string folder, string? lora = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var root in lora is null ? [folder] : new[] { folder, lora })
        {
            foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                Add(hash, root, path);
            }

            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Add(IncrementalHash hash, string root, string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, length);
        hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, path).Replace('\\', '/') + "\0"));
        hash.AppendData(number);
        var buffer = new byte[(int)Math.Min(Piece, length)];
        hash.AppendData(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0)));
        if (length > Piece)
        {
            hash.AppendData(buffer.AsSpan(0, RandomAccess.Read(file, buffer, Math.Max(Piece, length - Piece))));
        }
    }
}

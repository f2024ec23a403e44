using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Tests.Support;

/// <summary>Reader of NumPy's .npy files in C order, little endian.</summary>
public sealed partial record Npy(string Type, int[] Shape, byte[] Data)
{
    public static Npy Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new InvalidDataException($"{path} is not an npy file.");
        var wide = bytes[6] > 1;
        var start = wide ? 12 : 10;
        var length = wide ? (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        var header = Encoding.Latin1.GetString(bytes, start, length);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidDataException($"{path} is in Fortran order.");
        var type = Descr().Match(header).Groups[1].Value;
        var shape = Dimensions().Match(header).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(int.Parse).ToArray();
        return new Npy(type, shape, bytes[(start + length)..]);
    }

    public float[] Floats() => Type == "<f4" ? MemoryMarshal.Cast<byte, float>(Data).ToArray() : throw new InvalidDataException($"{Type} is not float32.");

    public byte[] Bytes() => Type == "|u1" ? Data : throw new InvalidDataException($"{Type} is not uint8.");

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Dimensions();
}

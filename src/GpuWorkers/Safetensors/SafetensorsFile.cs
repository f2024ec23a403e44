using System.Buffers.Binary;
using System.Text.Json;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Safetensors;

/// <summary>A tensor of a safetensors file, widened to float.</summary>
public sealed record SafeTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>Reads safetensors files: 8 bytes little-endian header length, a JSON header (name to dtype, shape, data_offsets), then the
/// data. F32, F16 and BF16 are read, all as float; other types are left out.</summary>
public static class SafetensorsFile
{
    private const int MaxHeaderBytes = 100_000_000;

    /// <exception cref="ModelException">The file is not a safetensors file, or is cut off.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Read(string role, string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < 8)
                throw new FormatException("it is shorter than its header");
            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (headerLength > MaxHeaderBytes || headerLength + 8 > (ulong)bytes.Length)
                throw new FormatException("its header is longer than the file");
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
            var data = bytes.AsMemory(8 + (int)headerLength);
            return header.RootElement.EnumerateObject()
                .Where(property => property.Name != "__metadata__" && IsRead(property.Value))
                .Select(property => Tensor(property.Name, property.Value, data.Span))
                .ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is FormatException or JsonException or IOException or UnauthorizedAccessException
            or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new ModelException($"{role}: {path} cannot be read as a safetensors file: {error.Message}. Get the file again.", error);
        }
    }

    private static bool IsRead(JsonElement entry) => entry.GetProperty("dtype").GetString() is "F32" or "F16" or "BF16";

    private static SafeTensor Tensor(string name, JsonElement entry, ReadOnlySpan<byte> data)
    {
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())];
        var count = shape.Aggregate(1, (product, axis) => checked(product * axis));
        var type = entry.GetProperty("dtype").GetString();
        var width = type == "F32" ? 4 : 2;
        var offsets = entry.GetProperty("data_offsets");
        var (start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (start < 0 || end > data.Length || end - start != (long)count * width)
            throw new FormatException($"the tensor {name} [{string.Join(",", shape)}] {type} does not fit its place {start}..{end} of {data.Length} bytes");

        var values = new float[count];
        var source = data[(int)start..(int)end];
        for (var i = 0; i < count; i++)
            values[i] = type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16),
            };
        return new SafeTensor(name, shape, values);
    }
}

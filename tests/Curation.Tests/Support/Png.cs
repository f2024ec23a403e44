using System.Buffers.Binary;
using System.IO.Compression;

namespace MedGenCluster.Curation.Tests.Support;

/// <summary>Reader of 8-bit gray, RGB and RGBA pictures without interlacing; gray is repeated, alpha is dropped.</summary>
public sealed record Png(int Width, int Height, byte[] Rgb)
{
    public static Png Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (!bytes[..8].SequenceEqual((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            throw new InvalidDataException($"{path} is not a PNG file.");
        int width = 0, height = 0, channels = 0;
        using var packed = new MemoryStream();
        for (var at = 8; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var body = bytes.Slice(at + 8, length);
            if (bytes.Slice(at + 4, 4).SequenceEqual("IHDR"u8))
            {
                width = (int)BinaryPrimitives.ReadUInt32BigEndian(body);
                height = (int)BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
                channels = body[9] switch { 0 => 1, 2 => 3, 6 => 4, var type => throw new InvalidDataException($"Colour type {type} of {path}.") };
                if (body[8] != 8 || body[12] != 0)
                    throw new InvalidDataException($"{path} is not 8-bit without interlacing.");
            }
            else if (bytes.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(body);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var inflate = new ZLibStream(packed, CompressionMode.Decompress);
        var raw = new byte[height * (width * channels + 1)];
        inflate.ReadExactly(raw);
        return new Png(width, height, ToRgb(Unfilter(raw, width * channels, height, channels), channels));
    }

    private static byte[] Unfilter(byte[] raw, int stride, int height, int channels)
    {
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var filter = raw[y * (stride + 1)];
            for (var x = 0; x < stride; x++)
            {
                var left = x >= channels ? pixels[y * stride + x - channels] : 0;
                var up = y > 0 ? pixels[(y - 1) * stride + x] : 0;
                var corner = x >= channels && y > 0 ? pixels[(y - 1) * stride + x - channels] : 0;
                var predicted = filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    _ => throw new InvalidDataException($"Filter {filter}."),
                };
                pixels[y * stride + x] = (byte)(raw[y * (stride + 1) + 1 + x] + predicted);
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static byte[] ToRgb(byte[] pixels, int channels)
    {
        if (channels == 3)
            return pixels;
        var rgb = new byte[pixels.Length / channels * 3];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            for (var c = 0; c < 3; c++)
                rgb[i * 3 + c] = pixels[i * channels + (channels == 1 ? 0 : c)];
        }

        return rgb;
    }
}

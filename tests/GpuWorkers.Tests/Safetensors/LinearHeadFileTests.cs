using System.Buffers.Binary;
using System.Text;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Safetensors;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Safetensors;

public sealed class LinearHeadFileTests
{
    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void A_chain_folds_to_what_its_layers_compute_one_after_another(string type)
    {
        using var folder = new TempFolder();
        // Values that all three types hold exactly.
        var random = new Random(7);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-16, 17) / 8f)];
        var (w0, b0, w2, b2) = (Draw(12), Draw(3), Draw(3), Draw(1));
        Write(folder.At("head.safetensors"), type,
            ("layers.2.weight", [1, 3], w2), ("layers.2.bias", [1], b2), ("layers.0.weight", [3, 4], w0), ("layers.0.bias", [3], b0));

        var chain = LinearHeadFile.Load("aesthetic", folder.At("head.safetensors"));

        Assert.Equal(4, chain.Dimension);
        float[] input = [0.5f, -1, 2, 0.25f];
        var expected = (double)b2[0];
        for (var o = 0; o < 3; o++)
            expected += w2[o] * (b0[o] + Enumerable.Range(0, 4).Sum(i => (double)w0[(4 * o) + i] * input[i]));
        Assert.Equal(expected, chain.Bias + Enumerable.Range(0, 4).Sum(i => chain.Weights[i] * input[i]), 1e-9);
    }

    [Fact]
    public void The_head_scores_the_direction_of_an_embedding_and_a_zero_embedding_scores_the_bias()
    {
        using var folder = new TempFolder();
        Write(folder.At("head.safetensors"), "F32", ("layers.0.weight", [1, 2], [3f, 4f]), ("layers.0.bias", [1], [5f]));
        var head = new AestheticHead(LinearHeadFile.Load("aesthetic", folder.At("head.safetensors")), "aesthetic@test:0", true);

        Assert.Equal(10, head.Score([3f, 4f]), 1e-12);
        Assert.Equal(10, head.Score([3e-6f, 4e-6f]), 1e-6);
        Assert.Equal(5, head.Score([0f, 0f]));
        Assert.Contains("2 values, got 3", Assert.Throws<ModelException>(() => head.Score([1f, 2f, 3f])).Message);
    }

    [Fact]
    public void Layers_are_ordered_by_number_not_by_spelling()
    {
        using var folder = new TempFolder();
        Write(folder.At("head.safetensors"), "F32",
            ("layers.10.weight", [1, 2], [1f, 1f]), ("layers.9.weight", [2, 1], [2f, 3f]));
        Assert.Equal([5.0], LinearHeadFile.Load("aesthetic", folder.At("head.safetensors")).Weights.ToArray());
    }

    [Fact]
    public void Layers_that_do_not_fit_each_other_are_refused_by_name()
    {
        using var folder = new TempFolder();
        Write(folder.At("head.safetensors"), "F32", ("layers.0.weight", [3, 4], new float[12]), ("layers.2.weight", [1, 2], new float[2]));
        Assert.Contains("layers.0.weight [3,4]", Assert.Throws<ModelException>(() => LinearHeadFile.Load("aesthetic", folder.At("head.safetensors"))).Message);
    }

    [Fact]
    public void A_file_without_layers_says_what_it_has()
    {
        using var folder = new TempFolder();
        Write(folder.At("head.safetensors"), "F32", ("other", [1], [1f]));
        Assert.Contains("it has other", Assert.Throws<ModelException>(() => LinearHeadFile.Load("aesthetic", folder.At("head.safetensors"))).Message);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_cut_off_file_is_refused(int length)
    {
        using var folder = new TempFolder();
        var path = folder.At("head.safetensors");
        Write(path, "F32", ("layers.0.weight", [1, 2], [3f, 4f]));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? bytes[..^1] : bytes[..length]);
        Assert.Contains("safetensors", Assert.Throws<ModelException>(() => LinearHeadFile.Load("aesthetic", path)).Message);
    }

    private static void Write(string path, string type, params (string Name, int[] Shape, float[] Values)[] tensors)
    {
        using var data = new MemoryStream();
        var entries = new List<string> { "\"__metadata__\":{\"format\":\"pt\"}" };
        foreach (var (name, shape, values) in tensors)
        {
            var start = data.Length;
            var buffer = new byte[4];
            foreach (var value in values)
            {
                if (type == "F32")
                    BinaryPrimitives.WriteSingleLittleEndian(buffer, value);
                else if (type == "F16")
                    BinaryPrimitives.WriteHalfLittleEndian(buffer, (Half)value);
                else
                    BinaryPrimitives.WriteUInt16LittleEndian(buffer, (ushort)(BitConverter.SingleToInt32Bits(value) >> 16));
                data.Write(buffer, 0, type == "F32" ? 4 : 2);
            }
            entries.Add($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(",", shape)}],\"data_offsets\":[{start},{data.Length}]}}");
        }
        var header = Encoding.UTF8.GetBytes("{" + string.Join(",", entries) + "}");
        using var file = File.Create(path);
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        file.Write(header);
        data.WriteTo(file);
    }
}

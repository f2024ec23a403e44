namespace MedGenCluster.Silo.Tests;

/// <summary>What the GPUs' driver says of their memory.</summary>
public sealed class GpuMemoryTests
{
    [Theory]
    [InlineData("81559\n", 81559L << 20)]
    [InlineData("24564\n40960\n", 24564L << 20)]
    [InlineData("", null)]
    [InlineData("[N/A]\n", null)]
    [InlineData("No devices were found\n", null)]
    public void The_smallest_GPU_counts_and_what_is_no_number_does_not(string output, long? expected) => Assert.Equal(expected, GpuMemory.Parse(output));
}

using MedGenCluster.Client.Commands;
using MedGenCluster.GpuWorkers.Inference;

namespace MedGenCluster.Client.Tests.Commands;

/// <summary>Where models run, as a user writes it.</summary>
public sealed class InferenceSelectionTests
{
    [Theory]
    [InlineData("cpu", "0", ExecutionProvider.Cpu, new[] { 0 })]
    [InlineData("cuda", "1", ExecutionProvider.Cuda, new[] { 1 })]
    [InlineData("tensorrt", "3,0,1", ExecutionProvider.TensorRt, new[] { 3, 0, 1 })]
    public void A_provider_and_its_devices_are_taken(string provider, string devices, ExecutionProvider expected, int[] numbers)
    {
        var options = InferenceSelection.Read(provider, devices);

        Assert.Equal(expected, options.Provider);
        Assert.Equal(numbers, options.Devices);
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData("gpu", "0", "--provider (or MEDGEN_PROVIDER) is 'gpu'")]
    [InlineData("Cuda", "0", "--provider (or MEDGEN_PROVIDER) is 'Cuda'")]
    [InlineData("cuda", "", "--devices (or MEDGEN_DEVICES) is ''")]
    [InlineData("cuda", "0,0", "--devices (or MEDGEN_DEVICES) is '0,0'")]
    [InlineData("cuda", "-1", "--devices (or MEDGEN_DEVICES) is '-1'")]
    [InlineData("cuda", "0;1", "--devices (or MEDGEN_DEVICES) is '0;1'")]
    public void Anything_else_is_refused_by_name(string provider, string devices, string message)
    {
        Assert.Contains(message, Assert.Throws<UsageException>(() => InferenceSelection.Read(provider, devices)).Message);
    }
}

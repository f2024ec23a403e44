using System.CommandLine;
using System.Globalization;
using MedGenCluster.GpuWorkers.Inference;

namespace MedGenCluster.Client.Commands;

/// <summary>The options that say where models run.</summary>
internal static class InferenceSelection
{
    public static readonly Option<string> Provider = new("--provider")
    {
        Description = "Where models run: cpu (default), cuda or tensorrt.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_PROVIDER") is { Length: > 0 } set ? set : "cpu",
        Recursive = true,
        HelpName = "name",
    };

    public static readonly Option<string> Devices = new("--devices")
    {
        Description = "Numbers of the GPUs that models run on, for example 0,1; each model gets a session on each (0).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_DEVICES") is { Length: > 0 } set ? set : "0",
        Recursive = true,
        HelpName = "numbers",
    };

    /// <exception cref="UsageException">An option cannot be used.</exception>
    public static InferenceOptions Read(ParseResult parsed) => Read(parsed.GetValue(Provider)!, parsed.GetValue(Devices)!);

    /// <exception cref="UsageException">A value cannot be used; the message names its option and its variable.</exception>
    internal static InferenceOptions Read(string provider, string devices) => new()
    {
        Provider = provider switch
        {
            "cpu" => ExecutionProvider.Cpu,
            "cuda" => ExecutionProvider.Cuda,
            "tensorrt" => ExecutionProvider.TensorRt,
            _ => throw new UsageException($"--provider (or MEDGEN_PROVIDER) is '{provider}'; it must be cpu, cuda or tensorrt."),
        },
        Devices = Numbers(devices),
        // The engine runs several stages at a time, so that threads inside an operator would only compete with them.
        IntraOpThreads = 1,
    };

    private static List<int> Numbers(string text)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || numbers.Contains(number))
            {
                throw new UsageException($"--devices (or MEDGEN_DEVICES) is '{text}'; it must be numbers of GPUs with commas between, each once, for example 0,1.");
            }

            numbers.Add(number);
        }

        return numbers;
    }
}

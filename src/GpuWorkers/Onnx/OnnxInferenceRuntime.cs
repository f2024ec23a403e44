using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Inference;
using Microsoft.ML.OnnxRuntime;

namespace MedGenCluster.GpuWorkers.Onnx;

/// <summary>ONNX Runtime through its C# API.</summary>
public sealed class OnnxInferenceRuntime : InferenceRuntime
{
    private readonly InferenceOptions _options;
    private readonly int _threads;
    private readonly string _version;

    public OnnxInferenceRuntime(InferenceOptions options)
    {
        _options = options;
        _threads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Environment.ProcessorCount;
        _version = OrtEnv.Instance().GetVersionString();
    }

    public override string Description => _options.Provider == ExecutionProvider.Cpu
        ? $"ONNX Runtime {_version}, Cpu, {_threads} thread(s)"
        : $"ONNX Runtime {_version}, {_options.Provider}, GPU {string.Join(",", _options.Devices)}";

    public override int DeviceCount => _options.Provider == ExecutionProvider.Cpu ? 1 : _options.Devices.Count;

    public override IInferenceSession Open(string role, string path, int device = 0)
    {
        if (!File.Exists(path))
            throw new ModelException($"{role}: the file {path} is missing.");
        using var options = SessionOptions(device);
        try
        {
            return new OnnxSession(role, path, new InferenceSession(path, options));
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"{role}: ONNX Runtime cannot open {path}: {error.Message} Get the file again.", error);
        }
    }

    /// <summary>On a CPU two things make a row's last bits depend on the batch (measured with ONNX Runtime 1.29 on transformer and
    /// convolution models, 1, 2 and 4 threads, sizes 1 to 32): a matrix product with one row takes another kernel than one with
    /// several, and a convolution over fewer items than threads is split inside the item. From max(2, threads) rows on all sizes
    /// agree bit by bit. GPU libraries choose kernels by size without such a bound, so there every batch has one size.</summary>
    public override int StableRows(int maxBatch) =>
        _options.Provider == ExecutionProvider.Cpu ? Math.Min(maxBatch, Math.Max(2, _threads)) : maxBatch;

    private SessionOptions SessionOptions(int device)
    {
        var options = new SessionOptions { IntraOpNumThreads = _threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        // Idle workers sleep instead of spinning: decoders use the same processors.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (_options.Provider == ExecutionProvider.Cpu)
            return options;
        var gpu = _options.Devices[device];
        try
        {
            if (_options.Provider == ExecutionProvider.TensorRt)
                options.AppendExecutionProvider_Tensorrt(gpu);
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string>
            {
                ["device_id"] = gpu.ToString(System.Globalization.CultureInfo.InvariantCulture),
                // No reduced precision and no timed choice of kernels: the same score on every run.
                ["use_tf32"] = "0",
                ["cudnn_conv_algo_search"] = "HEURISTIC",
            });
            options.AppendExecutionProvider_CUDA(cuda);
            return options;
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException)
        {
            options.Dispose();
            throw new ModelException(
                $"The execution provider {_options.Provider} cannot be used on GPU {gpu}: {error.Message} "
                + "Build with WithOrtNuGet=true and OrtFlavor=gpu on a machine with CUDA, or set the provider to Cpu.", error);
        }
    }
}

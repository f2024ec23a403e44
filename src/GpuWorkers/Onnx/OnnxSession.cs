using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedGenCluster.GpuWorkers.Onnx;

/// <summary>One opened file on one device.</summary>
internal sealed class OnnxSession : IInferenceSession
{
    private readonly string _role;
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    public OnnxSession(string role, string path, InferenceSession session)
    {
        (_role, _path, _session) = (role, path, session);
        Inputs = Ports(session.InputNames, session.InputMetadata);
        Outputs = Ports(session.OutputNames, session.OutputMetadata);
    }

    public IReadOnlyList<TensorPort> Inputs { get; }

    public IReadOnlyList<TensorPort> Outputs { get; }

    public void Run(string inputName, Memory<float> input, long[] inputShape, string outputName, Memory<float> output, long[] outputShape)
    {
        try
        {
            using var source = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input, inputShape);
            using var target = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output, outputShape);
            _session.Run(_runOptions, [inputName], [source], [outputName], [target]);
        }
        catch (OnnxRuntimeException error)
        {
            throw Failed(error);
        }
    }

    public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs)
    {
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var tensor in inputs)
            {
                var shape = tensor.Shape.Select(axis => (long)axis).ToArray();
                values.Add(tensor.Floats is { } floats ? OrtValue.CreateTensorValueFromMemory(floats, shape) : OrtValue.CreateTensorValueFromMemory(tensor.Integers!, shape));
            }
            using var results = _session.Run(_runOptions, [.. inputs.Select(tensor => tensor.Name)], values, [.. Outputs.Select(port => port.Name)]);
            return [.. results.Select((value, index) => Read(Outputs[index].Name, value))];
        }
        catch (OnnxRuntimeException error)
        {
            throw Failed(error);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private NamedTensor Read(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        int[] shape = [.. info.Shape.Select(axis => checked((int)axis))];
        return info.ElementDataType switch
        {
            TensorElementType.Float => NamedTensor.Of(name, shape, value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Int64 => NamedTensor.Of(name, shape, value.GetTensorDataAsSpan<long>().ToArray()),
            var type => throw new ModelException($"{_role}: the output {name} of {_path} is {type}; float32 and int64 are read."),
        };
    }

    private ModelException Failed(OnnxRuntimeException error) => new($"{_role}: running {_path} failed: {error.Message}", error);

    private static TensorPort[] Ports(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => Port(name, metadata[name]))];

    private static TensorPort Port(string name, NodeMetadata node)
    {
        if (!node.IsTensor)
            return new TensorPort(name, [], "not-a-tensor");
        var shape = node.Dimensions.Select((size, i) => size > 0 ? new Axis(size, null) : new Axis(null, node.SymbolicDimensions[i]));
        var type = node.ElementDataType switch
        {
            TensorElementType.Float => "float32",
            TensorElementType.Float16 => "float16",
            TensorElementType.Double => "float64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return new TensorPort(name, [.. shape], type);
    }
}

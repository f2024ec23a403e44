using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>Compares ports: the manifest with what the pipeline counts on, and a file with its manifest. Null means that all is well;
/// otherwise a sentence with role, file, what was expected and what was found.</summary>
internal static class PortCheck
{
    public static string? AgainstContract(ModelEntry entry)
    {
        if (entry.Role == ModelRoles.TextEmbedder)
            return AgainstTextContract(entry);
        if (ModelRoles.Contract(entry.Role) is not var (item, output))
            return null;
        if (entry.Inputs.Count != 1 || entry.Inputs[0].FixedItemShape is not { } found || !found.SequenceEqual(item))
            return $"{entry.Role}: the manifest says input {Show(entry.Inputs)} for {entry.File.Path}, the pipeline needs one input [N,{string.Join(",", item)}]. Use a model that was made for this role.";
        if (entry.Outputs.Count < 1 || entry.Outputs[0].FixedItemShape is not { } result || result.Aggregate(1, (a, b) => a * b) != output)
            return $"{entry.Role}: the manifest says output {Show(entry.Outputs)} for {entry.File.Path}, the pipeline needs [N,{output}]. Use a model that was made for this role.";
        return null;
    }

    private static string? AgainstTextContract(ModelEntry entry)
    {
        if (!TextPorts.AreInputs(entry.Inputs))
            return $"{entry.Role}: the manifest says input {Show(entry.Inputs)} for {entry.File.Path}, the pipeline needs int64 input_ids and attention_mask [N,L], and can give token_type_ids. Use a BERT encoder.";
        if (entry.Outputs.Count < 1 || !TextPorts.IsHiddenState(entry.Outputs[0]))
            return $"{entry.Role}: the manifest says output {Show(entry.Outputs)} for {entry.File.Path}, the pipeline needs a hidden state float32 [N,L,D] first. Use a BERT encoder.";
        return null;
    }

    public static string? AgainstFile(ModelEntry entry, string path, IReadOnlyList<TensorPort> inputs, IReadOnlyList<TensorPort> outputs)
    {
        foreach (var (kind, promised, found) in new[] { ("input", entry.Inputs, inputs), ("output", entry.Outputs, outputs) })
        {
            foreach (var port in promised)
            {
                var match = found.FirstOrDefault(other => other.Name == port.Name);
                if (match is null || !port.IsServedBy(match))
                    return $"{entry.Role}: {path} should have the {kind} {port} but has {(match is null ? Show(found) : match.ToString())}. Export it again with that {kind}, or mend the manifest.";
            }
        }
        return inputs.FirstOrDefault(port => entry.Inputs.All(promised => promised.Name != port.Name)) is { } unnamed
            ? $"{entry.Role}: {path} has the input {unnamed} that the manifest does not name (it names {Show(entry.Inputs)}). Mend the manifest."
            : null;
    }

    private static string Show(IReadOnlyList<TensorPort> ports) => ports.Count == 0 ? "(none)" : string.Join(", ", ports);
}

using System.Text.Json;
using MedGenCluster.Curation.Generation;

namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>One JSON line of a trainer program, read leniently: what is missing is null, what is no event is none. Python writes NaN and Infinity where JSON has
/// no such numbers; a line with one in the place of a number is read as that.</summary>
internal sealed class TrainerLine
{
    private readonly JsonElement _root;

    private TrainerLine(string text, JsonElement root) => (Text, _root) = (text, root);

    public string Text { get; }

    public string? Name => String("event");

    /// <returns>Null where the line is no JSON object with an event.</returns>
    public static TrainerLine? Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            var text = Quoted(line);
            using var document = JsonDocument.Parse(text);
            var parsed = new TrainerLine(text, document.RootElement.Clone());
            return parsed._root.ValueKind == JsonValueKind.Object && parsed.Name is not null ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string? String(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public double? Real(string name) => !_root.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => null },
        _ => null,
    };

    private double? Finite(string name) => Real(name) is { } value && double.IsFinite(value) ? value : null;

    public long? Whole(string name) => Real(name) is { } value && double.IsFinite(value) ? (long)value : null;

    /// <returns>The event, or null for one that the host has no use for.</returns>
    public TrainerEvent? Event() => Name switch
    {
        "clip" => new TrainerEvent.Clip(Whole("done") ?? 0, Whole("total") ?? 0),
        "prepared" => new TrainerEvent.Prepared(Whole("clips") ?? 0, Text),
        "start" => new TrainerEvent.Started(Whole("step") ?? 0, Whole("steps") ?? 0, String("code_version"), String("resumed_from")),
        "step" when Whole("step") is { } step =>
            new TrainerEvent.Stepped(step, Real("loss") ?? double.NaN, Finite("lr"), Finite("grad_norm"), Finite("seconds"), Finite("samples_per_second"), Finite("memory_mb")),
        "checkpoint" when Whole("step") is { } step && String("path") is { } path => new TrainerEvent.Checkpoint(step, path),
        "validation" when String("path") is { } path => new TrainerEvent.Validation(Whole("step") ?? 0, String("prompt") ?? "", Whole("seed") ?? 0, path),
        "done" when String("path") is { } path => new TrainerEvent.Finished(Whole("step") ?? 0, path),
        "error" => Error(),
        _ => null,
    };

    public TrainerEvent.Error Error() => new(
        String("kind") ?? "internal",
        (String("message") ?? "the trainer gave no reason") + (Whole("step") is { } step ? $" (step {step})" : "") + (String("file") is { } file ? $" ({file})" : ""),
        String("hint"));

    /// <summary>Puts NaN and infinities into quotes, outside of texts.</summary>
    private static string Quoted(string line)
    {
        if (!line.Contains("NaN", StringComparison.Ordinal) && !line.Contains("Infinity", StringComparison.Ordinal))
        {
            return line;
        }

        var (text, inText, from) = (new System.Text.StringBuilder(), false, 0);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && inText)
            {
                i++;
            }
            else if (line[i] == '"')
            {
                inText = !inText;
            }
            else if (!inText && Special(line.AsSpan(i)) is { } word)
            {
                text.Append(line, from, i - from).Append('"').Append(word).Append('"');
                i += word.Length - 1;
                from = i + 1;
            }
        }

        return text.Append(line, from, line.Length - from).ToString();
    }

    private static string? Special(ReadOnlySpan<char> rest) =>
        rest.StartsWith("NaN") ? "NaN" : rest.StartsWith("-Infinity") ? "-Infinity" : rest.StartsWith("Infinity") ? "Infinity" : null;
}

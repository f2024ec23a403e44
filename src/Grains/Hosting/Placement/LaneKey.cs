using System.Globalization;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Grains.Hosting.Placement;

/// <summary>The key of a grain that runs a stage on a GPU silo, <c>{memoryMiB}/{silo}/{stage}</c>, for example <c>2048/*/caption</c>.
/// It says where the grain may be placed, which <see cref="GpuPlacementFilterAttribute"/> goes by.</summary>
/// <param name="MemoryMiB">GPU memory that the stage's models need, MiB, at least 0.</param>
/// <param name="Silo">The name of the only silo that will do, or <see cref="AnySilo"/>. May hold a slash.</param>
/// <param name="Stage">The stage that the grain runs.</param>
public readonly record struct LaneKey(int MemoryMiB, string Silo, StageId Stage)
{
    public const string AnySilo = "*";

    /// <summary>False where the text is no lane's key.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LaneKey key)
    {
        var first = text.IndexOf('/');
        var last = text.LastIndexOf('/');
        if (last > first + 1
            && int.TryParse(text[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var memory)
            && StageNames.TryParse(text[(last + 1)..].ToString(), out var stage))
        {
            key = new LaneKey(memory, text[(first + 1)..last].ToString(), stage);
            return true;
        }

        key = default;
        return false;
    }

    /// <exception cref="FormatException">The text is no lane's key.</exception>
    public static LaneKey Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is no lane's key; it must be memory in MiB/silo or {AnySilo}/stage, for example 2048/{AnySilo}/caption.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{MemoryMiB}/{Silo}/{Stage.Name()}");
}

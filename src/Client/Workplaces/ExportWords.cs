using MedGenCluster.Engine.Export;

namespace MedGenCluster.Client.Workplaces;

/// <summary>The formats of an export by their names.</summary>
internal static class ExportWords
{
    /// <exception cref="UsageException">There is no such format.</exception>
    public static ExportFormats Parse(IEnumerable<string> names) => names.Aggregate(
        ExportFormats.None, (chosen, name) => ExportFormatNames.TryParse(name, out var flag) ? chosen | flag : throw new UsageException($"there is no format {name}; there are {ExportFormatNames.All}."));

    /// <summary>Name of a fetched export on the host: what the host does not take in a name becomes a dash.</summary>
    public static string HostName(string dataset)
    {
        const int Most = 64;
        var kept = string.Concat(dataset.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-'));
        return "fetched-" + (kept.Length > Most ? kept[..Most] : kept);
    }
}

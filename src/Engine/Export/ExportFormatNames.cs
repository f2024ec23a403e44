namespace MedGenCluster.Engine.Export;

/// <summary>The formats of an export by the names that people write.</summary>
public static class ExportFormatNames
{
    private static readonly Dictionary<string, ExportFormats> Formats = new(StringComparer.Ordinal)
    {
        ["videofolder"] = ExportFormats.VideoFolder,
        ["webdataset"] = ExportFormats.WebDataset,
        ["fastvideo"] = ExportFormats.FastVideo,
        ["all"] = ExportFormats.All,
    };

    /// <summary>All names, for a sentence.</summary>
    public static string All => string.Join(", ", Formats.Keys);

    /// <summary>False where no format is called so.</summary>
    public static bool TryParse(string name, out ExportFormats format) => Formats.TryGetValue(name, out format);
}

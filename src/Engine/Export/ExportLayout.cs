namespace MedGenCluster.Engine.Export;

/// <summary>Names inside an export, relative to its root, with forward slashes.</summary>
public static class ExportLayout
{
    public const string Card = "README.md";
    public const string Metadata = "metadata.jsonl";
    public const string Videos = "videos";
    public const string Shards = "shards";
    public const string Plots = "plots";
    public const string TrainerList = "videos2caption.json";
    public const string TrainerMerge = "merge.txt";
    public const string TrainerChecks = "trainer_checks.json";
    public const string Report = "export_report.json";
    public const string Checksums = "checksums.sha256";

    public static string Video(ExportClip clip) => $"{Videos}/{clip.Id.Value}.mp4";

    /// <summary>Whether an id can name a file: ASCII letters, digits, <c>_</c> and <c>-</c>, at most 90. A dot is out because readers of
    /// tar shards take the key up to the first dot.</summary>
    public static bool IsSafe(string id) =>
        id.Length is > 0 and <= 90 && id[0] != '-' && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}

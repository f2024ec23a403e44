namespace MedGenCluster.Simulation;

/// <summary>What silos worked on, by their own account: whoever reads it sees work that was done twice, which the ledger does not show.</summary>
public static class Diary
{
    private static readonly Lock Writing = new();

    public static void Write(string path, IEnumerable<string> lines)
    {
        lock (Writing)
        {
            File.AppendAllLines(path, lines);
        }
    }

    /// <summary>By silo: what it began, a stage's name and an item's id for each.</summary>
    public static ILookup<string, string> Read(string folder) =>
        Directory.EnumerateFiles(folder).SelectMany(path => File.ReadAllLines(path), (path, line) => (Silo: Path.GetFileName(path), line)).ToLookup(entry => entry.Silo, entry => entry.line);

    /// <summary>What was begun more than once, and by whom.</summary>
    public static IReadOnlyList<string> Twice(string folder) =>
        [.. Read(folder).SelectMany(silo => silo, (silo, line) => (silo.Key, line)).GroupBy(entry => entry.line).Where(line => line.Count() > 1)
            .Select(line => $"{line.Key}: {string.Join(", ", line.Select(entry => entry.Key))}")];
}

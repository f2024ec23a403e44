namespace MedGenCluster.Engine.Screening.Inputs;

/// <summary>Finds the files of candidates that a command line names.</summary>
internal static class InputListing
{
    private static readonly string[] Suffixes = [".ndjson", ".jsonl", ".json", ".csv", ".tsv"];

    /// <summary>Named files whatever they are called, and of named folders, at any depth, those called <c>.ndjson</c>, <c>.jsonl</c>, <c>.json</c>, <c>.csv</c> or
    /// <c>.tsv</c>, with or without <c>.gz</c>, in ordinal order. Hidden files, linked folders and the folder of the results are left out. A file that is
    /// named twice is read once.</summary>
    /// <returns>The files in the order of reading, or why there are none.</returns>
    public static (IReadOnlyList<InputFile> Files, string? Error) List(IReadOnlyList<string> inputs, string outputFolder)
    {
        var files = new List<InputFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            var path = Path.GetFullPath(input);
            var before = files.Count;
            if (Directory.Exists(path))
            {
                files.AddRange(Walk(new DirectoryInfo(path), Path.GetFullPath(outputFolder)).Where(seen.Add).Select(InputFile.At));
                if (files.Count == before && !files.Any(file => file.Path.StartsWith(path, StringComparison.Ordinal)))
                {
                    return ([], $"the folder {path} holds no file of candidates; there should be {string.Join(", ", Suffixes)} in it, with or without .gz.");
                }
            }
            else if (File.Exists(path))
            {
                if (seen.Add(path))
                {
                    files.Add(InputFile.At(path));
                }
            }
            else
            {
                return ([], $"there is no file or folder {path}; name one that exists.");
            }
        }

        return files.Count == 0 ? ([], "name at least one file or folder of candidates.") : (files, null);
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder, string leftOut)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo child)
            {
                if (child.LinkTarget is null && child.FullName != leftOut)
                {
                    foreach (var file in Walk(child, leftOut))
                    {
                        yield return file;
                    }
                }
            }
            else if (IsCandidates(entry.Name) && File.Exists(entry.FullName))
            {
                yield return entry.FullName;
            }
        }
    }

    private static bool IsCandidates(string name)
    {
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Suffixes.Any(suffix => plain.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }
}

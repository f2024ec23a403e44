namespace MedGenCluster.Curation.Sources;

/// <summary>The entries of one folder, by name, and which of them are sidecars of which video.</summary>
internal sealed class FolderListing(IReadOnlyList<FileSystemInfo> entries)
{
    private const string InfoSuffix = ".info.json";
    private const string TranscriptSuffix = ".vtt";

    private readonly Lazy<Dictionary<string, string>> _info = new(() => entries
        .Where(entry => entry.Name.EndsWith(InfoSuffix, StringComparison.Ordinal))
        .DistinctBy(entry => entry.Name) // names that are no valid UTF-8 can read alike
        .ToDictionary(entry => entry.Name[..^InfoSuffix.Length], entry => entry.FullName));

    private readonly Lazy<ILookup<string, (string Language, string Path)>> _transcripts = new(() => entries
        .Where(entry => entry.Name.EndsWith(TranscriptSuffix, StringComparison.Ordinal))
        .SelectMany(Claims)
        .ToLookup(claim => claim.Stem, claim => (claim.Language, claim.Path)));

    public IReadOnlyList<FileSystemInfo> Entries => entries;

    /// <summary>Path of <c>stem.info.json</c>; null where there is none.</summary>
    public string? Info(string stem) => _info.Value.GetValueOrDefault(stem);

    /// <summary>Path of the best transcript: English, then a variant of English, then one without a language, then any.</summary>
    public string? Transcript(string stem) => _transcripts.Value[stem]
        .OrderBy(item => item.Language switch { "en" => 0, ['e', 'n', '-' or '_', ..] => 1, "" => 2, _ => 3 })
        .ThenBy(item => item.Language, StringComparer.Ordinal)
        .Select(item => item.Path)
        .FirstOrDefault();

    // "talk.en.vtt" is the English transcript of "talk" and might be the one transcript of a video called "talk.en".
    private static IEnumerable<(string Stem, string Language, string Path)> Claims(FileSystemInfo file)
    {
        var name = file.Name[..^TranscriptSuffix.Length];
        yield return (name, "", file.FullName);
        var dot = name.LastIndexOf('.');
        if (dot >= 0 && IsLanguage(name.AsSpan(dot + 1)))
        {
            yield return (name[..dot], name[(dot + 1)..], file.FullName);
        }
    }

    /// <summary>A language tag such as <c>en</c>, <c>pt-BR</c> or <c>en-orig</c>, which <c>part2</c> is not.</summary>
    private static bool IsLanguage(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('-', '_');
        var primary = end < 0 ? text : text[..end];
        if (primary.Length is not (2 or 3))
        {
            return false;
        }

        foreach (var c in primary)
        {
            if (!char.IsAsciiLetter(c))
            {
                return false;
            }
        }

        return true;
    }
}

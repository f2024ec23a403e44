namespace MedGenCluster.Curation.Domain;

/// <summary>The stages of a video and of a clip. Numbers are stored in ledgers: append only.</summary>
public enum StageId
{
    Screen = 1,
    Fetch = 2,
    Probe = 3,
    Segment = 4,
    Cut = 10,
    Caption = 11,
    Borders = 12,
    Subtitles = 13,
    Aesthetics = 14,
    TechnicalQuality = 15,
    Joint = 16,
    Duplicates = 20,
}

public static class StageNames
{
    private static readonly Dictionary<StageId, string> Names = Enum.GetValues<StageId>()
        .ToDictionary(id => id, id => id == StageId.TechnicalQuality ? "technical-quality" : id.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, StageId> Ids = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The stage's name as users write it, for example <c>technical-quality</c>.</summary>
    public static string Name(this StageId id) => Names[id];

    /// <summary>Parses a name; false where no stage is called so.</summary>
    public static bool TryParse(string name, out StageId id) => Ids.TryGetValue(name, out id);

    public static IEnumerable<string> All => Ids.Keys;
}

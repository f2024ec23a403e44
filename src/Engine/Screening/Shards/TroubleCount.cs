namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>One place in the inputs.</summary>
/// <param name="Line">From 1.</param>
public sealed record RowPlace(string Input, long Line);

/// <summary>How often a kind of trouble was met, and where first.</summary>
public sealed record TroubleCount(long Count, IReadOnlyList<RowPlace> First)
{
    /// <summary>Places that are kept.</summary>
    public const int MaxPlaces = 5;

    public static readonly TroubleCount None = new(0, []);

    /// <param name="later">What comes after this in the order of the inputs.</param>
    public TroubleCount Then(TroubleCount later) => new(Count + later.Count, [.. First.Concat(later.First).Take(MaxPlaces)]);

    public TroubleCount Then(RowPlace place) => new(Count + 1, First.Count < MaxPlaces ? [.. First, place] : First);
}

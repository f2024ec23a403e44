namespace MedGenCluster.Curation.Network;

/// <summary>Keeps work from a source that refuses or cannot be understood. Closed: everybody passes. Open: nobody passes until a moment, then one
/// item at a time tries; its success closes the circuit.</summary>
public interface ISourceCircuit
{
    /// <summary>Asks to use a source for one item. An item that was let through and has not reported may ask again.</summary>
    /// <param name="source">What shares a fate: a host, or <c>youtube</c>.</param>
    /// <param name="item">The item's key, so that an item which alone is refused, time after time, is told apart from a refused source.</param>
    /// <returns>How long to stay away, or null to go on; then <see cref="Report"/> must follow.</returns>
    TimeSpan? Enter(string source, string item);

    /// <summary>Tells how it went. As soon as the source shows that it serves is soon enough (the headers of a download): a later failure of the same
    /// item may still be reported.</summary>
    /// <param name="failure">Null for success.</param>
    /// <returns>How long the item is to stay away, at no cost to it; null where the failure is its own.</returns>
    TimeSpan? Report(string source, string item, FailureKind? failure);
}

using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MedGenCluster.Grains.Hosting.Placement;

/// <summary>Places a grain by its key, so that every silo of a cluster chooses the same place for it and the grains spread evenly. Give it to shards:
/// an activation stays where it is while its silo lives; when a silo goes, its shards alone move, and when one joins, only those that are placed anew come to it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacement());

/// <summary>Rendezvous hashing: every silo bids for a key, and the highest bid has it.</summary>
[Serializable, GenerateSerializer, Immutable]
[Alias("medgen.ShardPlacement")]
public sealed class ShardPlacement : PlacementStrategy
{
    /// <summary>The silo that a grain belongs on. A silo that is started again at its address has its shards back.</summary>
    /// <param name="key">The grain's key.</param>
    /// <param name="silos">In any order; at least one.</param>
    /// <exception cref="ArgumentException">There is no silo.</exception>
    public static SiloAddress Choose(string key, IEnumerable<SiloAddress> silos)
    {
        SiloAddress? best = null;
        (ulong Bid, string Place) highest = (0, "");
        foreach (var silo in silos)
        {
            var place = silo.Endpoint.ToString();
            var bid = Bid(key, place);
            // Equal bids are settled by the place, and by the later start, whatever the order in which the silos come.
            var order = bid.CompareTo(highest.Bid) is not 0 and var byBid ? byBid : string.CompareOrdinal(place, highest.Place);
            if (best is null || order > 0 || (order == 0 && silo.Generation > best.Generation))
            {
                (best, highest) = (silo, (bid, place));
            }
        }

        return best ?? throw new ArgumentException("There is no silo to choose from.", nameof(silos));
    }

    // FNV-1a, then a finalizer that spreads the last letters' differences over all bits; both fixed, as every version of a silo must bid alike.
    private static ulong Bid(string key, string place)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{key}\n{place}")
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}

internal sealed class ShardPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        // Whoever moves an activation on purpose says where to.
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? ShardPlacement.Choose(target.GrainIdentity.Key.ToString()!, silos));
    }
}

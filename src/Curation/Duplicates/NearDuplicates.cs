using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Duplicates;

/// <summary>A clip for the duplicate search.</summary>
/// <typeparam name="TKey">Type of the ordering key.</typeparam>
/// <param name="Id">Identity, unique.</param>
/// <param name="Key">Of several duplicates the one with the smallest key is kept, for example the upload date.</param>
/// <param name="Fingerprint">What it looks like.</param>
/// <param name="Source">Clips of one source are not compared: cuts of one video are disjoint, and a still scene would make them
/// alike. Null compares with all.</param>
public sealed record DuplicateItem<TKey>(string Id, TKey Key, ClipFingerprint Fingerprint, string? Source = null);

/// <summary>A clip that is a near-duplicate of one that is kept.</summary>
/// <param name="Id">The clip to drop.</param>
/// <param name="CanonicalId">The kept clip; never a dropped one.</param>
/// <param name="Distance">Their mean Hamming distance, in bits of 63.</param>
public sealed record Duplicate(string Id, string CanonicalId, double Distance);

/// <summary>Finds near-duplicate clips in a collection.</summary>
public static class NearDuplicates
{
    // Frames of a clip that are looked up. A copy overlaps by half a clip, which leaves several of them within it, and either of the
    // two clips can find the other.
    private const int LookedUpFrames = 4;

    // Single frames of a copy may differ more than the mean over the clip.
    private const int FrameSlack = 5;

    /// <summary>Every near-duplicate with the clip that stays for it. Clips are taken in the order of their keys (then ids); each one is
    /// kept unless a kept one before it is near, and is then a duplicate of the first such. So a dropped clip is always directly
    /// near its canonical one, and the result does not depend on the order of <paramref name="items"/>.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public static IReadOnlyList<Duplicate> Group<TKey>(IEnumerable<DuplicateItem<TKey>> items, DuplicateOptions options)
        where TKey : IComparable<TKey>
    {
        var clips = items.ToArray();
        Array.Sort(clips, (a, b) => a.Key.CompareTo(b.Key) is not 0 and var order ? order : string.CompareOrdinal(a.Id, b.Id));
        if (clips.DistinctBy(clip => clip.Id, StringComparer.Ordinal).Count() != clips.Length)
            throw new ArgumentException("Clip ids must be unique.", nameof(items));
        var earlier = EarlierCandidates(Array.ConvertAll(clips, clip => clip.Fingerprint), options);
        var kept = new bool[clips.Length];
        var duplicates = new List<Duplicate>();
        for (var i = 0; i < clips.Length; i++)
        {
            kept[i] = true;
            foreach (var j in earlier[i])
            {
                if (!kept[j] || (clips[i].Source is { } source && source == clips[j].Source))
                    continue;
                if (FingerprintDistance.Align(clips[j].Fingerprint, clips[i].Fingerprint, options) is not { } alignment || alignment.Distance > options.MaxDistance)
                    continue;
                kept[i] = false;
                duplicates.Add(new Duplicate(clips[i].Id, clips[j].Id, alignment.Distance));
                break;
            }
        }

        return duplicates;
    }

    /// <summary>For each clip the clips before it that share a similar frame, ascending.</summary>
    private static List<int>[] EarlierCandidates(ClipFingerprint[] clips, DuplicateOptions options)
    {
        var hashes = new List<ulong>();
        var owners = new List<int>();
        var distinct = new HashSet<ulong>();
        for (var clip = 0; clip < clips.Length; clip++)
        {
            distinct.Clear();
            foreach (var frame in clips[clip].Frames)
            {
                if (!distinct.Add(frame.Hash.Whole))
                    continue;
                hashes.Add(frame.Hash.Whole);
                owners.Add(clip);
            }
        }

        var bands = new HashBands(CollectionsMarshal.AsSpan(hashes), CollectionsMarshal.AsSpan(owners));
        var earlier = Array.ConvertAll(clips, _ => new List<int>());
        var seenBy = new int[clips.Length];
        Array.Fill(seenBy, -1);
        var maxDistance = (int)options.MaxDistance + FrameSlack;
        for (var clip = 0; clip < clips.Length; clip++)
        {
            var current = clip;
            distinct.Clear();
            var frames = clips[clip].Frames;
            var count = Math.Min(LookedUpFrames, frames.Length);
            for (var n = 0; n < count; n++)
            {
                var hash = frames[(int)((n + 0.5) * frames.Length / count)].Hash;
                // The window that fits a crop fits it closely, so the narrow look-up suffices there.
                if (distinct.Add(hash.Whole))
                    bands.Find(hash.Whole, maxDistance, wide: true, Note);
                if (distinct.Add(hash.Inner95))
                    bands.Find(hash.Inner95, maxDistance, wide: false, Note);
                if (distinct.Add(hash.Inner90))
                    bands.Find(hash.Inner90, maxDistance, wide: false, Note);
            }

            void Note(int other)
            {
                if (other == current || seenBy[other] == current)
                    return;
                seenBy[other] = current;
                earlier[Math.Max(other, current)].Add(Math.Min(other, current));
            }
        }

        // Two clips may have found each other; the second mention costs one more comparison at most.
        foreach (var list in earlier)
            list.Sort();
        return earlier;
    }
}

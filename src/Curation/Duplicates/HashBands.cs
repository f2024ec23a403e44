using System.Numerics;

namespace MedGenCluster.Curation.Duplicates;

/// <summary>Multi-index hashing (Norouzi, Punjani and Fleet 2012): the hashes of all clips in four tables by 16 of their bits each.
/// A hash within 7 bits of another agrees with it in one of the four keys up to a single bit, so a look-up reads 4 or 4 x 17 short
/// buckets instead of everything.</summary>
internal sealed class HashBands
{
    private const int Bands = 4, KeyBits = 16, Keys = 1 << KeyBits;

    // Fuller buckets come from pictures that many clips share; reading only the nearest values of a sorted bucket bounds the work.
    private const int MaxScan = 512;

    private readonly Band[] bands = new Band[Bands];

    /// <param name="hashes">All hashes.</param>
    /// <param name="clips">The clip of each.</param>
    public HashBands(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> clips)
    {
        for (var band = 0; band < Bands; band++)
        {
            var start = new int[Keys + 1];
            foreach (var hash in hashes)
                start[Key(hash, band) + 1]++;
            for (var key = 0; key < Keys; key++)
                start[key + 1] += start[key];
            var next = start.AsSpan(0, Keys).ToArray();
            var (sortedHashes, sortedClips) = (new ulong[hashes.Length], new int[hashes.Length]);
            for (var i = 0; i < hashes.Length; i++)
            {
                var at = next[Key(hashes[i], band)]++;
                sortedHashes[at] = hashes[i];
                sortedClips[at] = clips[i];
            }

            for (var key = 0; key < Keys; key++)
            {
                if (start[key + 1] - start[key] > MaxScan)
                    Array.Sort(sortedHashes, sortedClips, start[key], start[key + 1] - start[key]);
            }

            bands[band] = new Band(start, sortedHashes, sortedClips);
        }
    }

    /// <summary>Calls <paramref name="found"/> with the clip of every hash that is found within <paramref name="maxDistance"/> bits;
    /// the same clip may come several times.</summary>
    /// <param name="hash">The hash to look up.</param>
    /// <param name="maxDistance">Greatest Hamming distance.</param>
    /// <param name="wide">Also look where one bit of a key differs: 17 times the work, for copies that are less alike.</param>
    /// <param name="found">Receives clips.</param>
    public void Find(ulong hash, int maxDistance, bool wide, Action<int> found)
    {
        for (var band = 0; band < Bands; band++)
        {
            var key = Key(hash, band);
            bands[band].Scan(key, hash, maxDistance, found);
            for (var bit = 0; wide && bit < KeyBits; bit++)
                bands[band].Scan(key ^ (1 << bit), hash, maxDistance, found);
        }
    }

    private static int Key(ulong hash, int band) => (int)(hash >> (band * KeyBits)) & (Keys - 1);

    private sealed record Band(int[] Start, ulong[] Hashes, int[] Clips)
    {
        public void Scan(int key, ulong hash, int maxDistance, Action<int> found)
        {
            int from = Start[key], to = Start[key + 1];
            if (to - from > MaxScan)
            {
                var at = Array.BinarySearch(Hashes, from, to - from, hash);
                from = Math.Clamp((at < 0 ? ~at : at) - MaxScan / 2, from, to - MaxScan);
                to = from + MaxScan;
            }

            for (var i = from; i < to; i++)
            {
                if (BitOperations.PopCount(Hashes[i] ^ hash) <= maxDistance)
                    found(Clips[i]);
            }
        }
    }
}

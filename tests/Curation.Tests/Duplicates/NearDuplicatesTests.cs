using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Tests.Duplicates;

/// <summary>Which clips of a collection stay.</summary>
public sealed class NearDuplicatesTests
{
    private static readonly DuplicateOptions Options = new();

    [Fact]
    public void The_copy_with_the_smallest_key_stays_for_all_of_them()
    {
        var scene = new MovingScene(1);
        DuplicateItem<int>[] items =
        [
            new("late copy", 30, scene.Fingerprint(new() { Noise = 8 })),
            new("original", 10, scene.Fingerprint()),
            new("crop", 20, scene.Fingerprint(new() { Crop = (0.05, 0.05, 0.05, 0.05) })),
            new("other", 5, new MovingScene(2).Fingerprint()),
        ];

        var duplicates = NearDuplicates.Group(items, Options);

        Assert.Equal([("crop", "original"), ("late copy", "original")], duplicates.Select(duplicate => (duplicate.Id, duplicate.CanonicalId)));
        Assert.All(duplicates, duplicate => Assert.InRange(duplicate.Distance, 0, Options.MaxDistance));
    }

    [Fact]
    public void Equal_keys_are_ordered_by_id()
    {
        var clip = new MovingScene(1).Fingerprint();

        Assert.Equal([new Duplicate("b", "a", 0)], NearDuplicates.Group([new("b", 1, clip), new DuplicateItem<int>("a", 1, clip)], Options));
    }

    [Fact]
    public void Cuts_of_one_source_are_not_compared()
    {
        var clip = new MovingScene(1).Fingerprint();
        DuplicateItem<int>[] items = [new("a", 1, clip, "video 1"), new("b", 2, clip, "video 1"), new("c", 3, clip, "video 2")];

        Assert.Equal([("c", "a")], NearDuplicates.Group(items, Options).Select(duplicate => (duplicate.Id, duplicate.CanonicalId)));
    }

    [Fact]
    public void Clips_without_structure_are_kept() =>
        Assert.Empty(NearDuplicates.Group([new("a", 1, new ClipFingerprint([])), new DuplicateItem<int>("b", 2, new ClipFingerprint([]))], Options));

    [Fact]
    public void A_dropped_clip_never_stands_for_another()
    {
        // b is near a, and c is near b but not near a: c stays.
        var (a, b, c) = (Clip(0), Clip(0b1111_1111), Clip(0b1111_1111_1111_1111));

        var duplicates = NearDuplicates.Group([new("c", 3, c), new("b", 2, b), new DuplicateItem<int>("a", 1, a)], Options);

        Assert.Equal([new Duplicate("b", "a", 8)], duplicates);

        static ClipFingerprint Clip(ulong bits) => new(Enumerable.Range(0, 8).Select(i =>
        {
            var hash = (0x5A3C_96E1_0F87_4B2DUL * (ulong)(i + 1) & (ulong.MaxValue >> 1)) ^ bits;
            return new HashedFrame(i * 0.5, new FrameHash(hash, ~hash, ~hash));
        }));
    }

    [Fact]
    public void The_result_does_not_depend_on_the_order_of_the_clips()
    {
        var items = Collection(200, new SplitMix64(5));
        var expected = NearDuplicates.Group(items, Options);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, NearDuplicates.Group(items.Reverse(), Options));
        Assert.Equal(expected, NearDuplicates.Group(items.OrderBy(item => item.Id[^1]), Options));
    }

    [Fact]
    public void The_index_finds_what_comparing_all_pairs_finds()
    {
        var items = Collection(400, new SplitMix64(6)).OrderBy(item => item.Key).ToArray();
        var kept = new List<DuplicateItem<int>>();
        var expected = new List<(string, string)>();
        foreach (var item in items)
        {
            if (kept.Find(earlier => FingerprintDistance.AreNear(earlier.Fingerprint, item.Fingerprint, Options)) is { } canonical)
                expected.Add((item.Id, canonical.Id));
            else
                kept.Add(item);
        }

        Assert.True(expected.Count > 50);
        Assert.Equal(expected, NearDuplicates.Group(items, Options).Select(duplicate => (duplicate.Id, duplicate.CanonicalId)));
    }

    [Fact]
    public void A_picture_that_thousands_of_clips_share_does_not_hide_the_copies()
    {
        // Every clip begins with the same three frames, more than a bucket's scan limit.
        var random = new SplitMix64(8);
        var shared = Enumerable.Range(0, 3).Select(_ => Random(random)).ToArray();
        var items = new List<DuplicateItem<int>>();
        for (var i = 0; i < 1500; i++)
            items.Add(new DuplicateItem<int>($"clip {i}", i, Clip([.. shared, .. Enumerable.Range(0, 9).Select(_ => Random(random))])));
        items.Add(new DuplicateItem<int>("copy", 9999, items[700].Fingerprint));

        Assert.Equal([new Duplicate("copy", "clip 700", 0)], NearDuplicates.Group(items, Options));
    }

    [Fact]
    public void Refuses_an_id_that_occurs_twice()
    {
        var clip = new ClipFingerprint([]);

        Assert.Throws<ArgumentException>(() => NearDuplicates.Group([new("a", 1, clip), new DuplicateItem<int>("a", 2, clip)], Options));
    }

    /// <summary>Random walks through hash space, a third of them copies of earlier ones with up to five bits changed.</summary>
    private static DuplicateItem<int>[] Collection(int count, SplitMix64 random)
    {
        var items = new List<DuplicateItem<int>>();
        for (var i = 0; i < count; i++)
        {
            ulong[] hashes;
            if (i % 3 == 2)
            {
                hashes = [.. items[random.NextBelow(items.Count)].Fingerprint.Frames.ToArray().Select(frame => Flip(frame.Hash.Whole, random, random.NextBelow(6)))];
            }
            else
            {
                var hash = Random(random);
                hashes = [.. Enumerable.Range(0, 12).Select(_ => hash = Flip(hash, random, 4))];
            }

            items.Add(new DuplicateItem<int>($"clip {i}", i, Clip(hashes)));
        }

        return [.. items];
    }

    private static ClipFingerprint Clip(ulong[] hashes) => new(hashes.Select((hash, i) => new HashedFrame(i * 0.5, new FrameHash(hash, ~hash, ~hash))));

    private static ulong Random(SplitMix64 random) => random.Next() >> 1;

    private static ulong Flip(ulong hash, SplitMix64 random, int bits)
    {
        for (var i = 0; i < bits; i++)
            hash ^= 1UL << random.NextBelow(63);
        return hash;
    }
}

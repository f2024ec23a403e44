using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Browsing;

public sealed partial class ClipIndex
{
    /// <summary>A page of the clips that fit a filter. Clips without the score that is sorted by come last.</summary>
    /// <param name="options">Options of every job.</param>
    /// <param name="after">What the page before named as its next, or null.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is none of those.</exception>
    public ClipPage Page(ClipFilter filter, ClipSort sort, IReadOnlyDictionary<long, CurationOptions> options, string? after, int limit)
    {
        Place? from = after is null ? null : Place.Parse(after);
        var found = filter.Text is { } text ? _searches.Get(text, () => ledger.SearchCaptions(text)) : null;
        return Read(columns =>
        {
            var fusions = new Fusions(columns, options);
            var match = new Matcher(columns, filter, fusions, _reasonNumbers, found);
            var kept = new Least<Place>(limit);
            var total = 0L;
            var left = 0L;
            for (var row = 0; row < columns.Count; row++)
            {
                if (!match.Fits(row))
                {
                    continue;
                }

                total++;
                var seq = columns.Seqs[row];
                var (video, start) = columns.NameAt(row);
                var key = sort is { By: null, Descending: true } ? new Place(0, ~video, -start, -seq) : new Place(Key(columns, row, sort, fusions), video, start, seq);
                if (from is { } cursor && key.CompareTo(cursor) <= 0)
                {
                    continue;
                }

                left++;
                kept.Offer(seq, key);
            }

            var rows = kept.Sorted();
            return new ClipPage(total, [.. rows.Select(row => row.Item)], left > rows.Count ? rows[^1].Key.ToString() : null);
        });
    }

    /// <summary>Counts clips by score in equal bins; what lies outside counts in the first or last one.</summary>
    public IReadOnlyList<long> Histogram(long? job, ClipScore score, IReadOnlyDictionary<long, CurationOptions> options, double min, double max, int bins) =>
        _histograms.Get((job, score, min, max, bins), () => Counted(job, score, options, min, max, bins));

    private IReadOnlyList<long> Counted(long? job, ClipScore score, IReadOnlyDictionary<long, CurationOptions> options, double min, double max, int bins) => Read(columns =>
    {
        var counts = new long[bins];
        var fusions = new Fusions(columns, options);
        for (var row = 0; row < columns.Count; row++)
        {
            if ((job is not null && columns.Jobs[row] != job) || IsWithdrawn(columns, row))
            {
                continue;
            }

            var value = columns.ScoreAt(row, score, fusions.At(row));
            if (!double.IsNaN(value))
            {
                counts[Math.Clamp((int)((value - min) / (max - min) * bins), 0, bins - 1)]++;
            }
        }

        return counts;
    });

    /// <summary>Draws clips that passed a stage: the same seed draws the same clips, whatever the order in which they came.</summary>
    /// <returns>How many there are to draw from, and the drawn ones in the order of the draw.</returns>
    public (long Population, IReadOnlyList<long> Clips) Sample(StageId stage, long? job, IReadOnlyDictionary<long, CurationOptions> options, long seed, int size) => Read(columns =>
    {
        var later = options.ToDictionary(pair => pair.Key, pair => StageOrder.Clip(pair.Value.Order).Stages.SkipWhile(id => id != stage).Skip(1).ToHashSet());
        var drawn = new Least<(ulong, long)>(size);
        var population = 0L;
        for (var row = 0; row < columns.Count; row++)
        {
            var of = columns.Jobs[row];
            if ((job is not null && of != job) || !(columns.OutcomeAt(row) == Outcome.Accepted || later[of].Contains(columns.StageAt(row))))
            {
                continue;
            }

            population++;
            drawn.Offer(columns.Seqs[row], (DrawPlace(columns.Hashes[row], seed), columns.Seqs[row]));
        }

        return (population, (IReadOnlyList<long>)[.. drawn.Sorted().Select(clip => clip.Item)]);
    });

    private static double Key(ClipColumns columns, int row, ClipSort sort, Fusions fusions)
    {
        if (sort.By is not { } by)
        {
            return 0;
        }

        var value = columns.ScoreAt(row, by, fusions.At(row));
        return double.IsNaN(value) ? double.MaxValue : sort.Descending ? -value : value;
    }

    /// <summary>Where a clip stands in a sorted list: by score, then by name.</summary>
    private readonly record struct Place(double Key, ulong Video, long Start, long Seq) : IComparable<Place>
    {
        public int CompareTo(Place other)
        {
            var order = Key.CompareTo(other.Key);
            order = order != 0 ? order : Video.CompareTo(other.Video);
            order = order != 0 ? order : Start.CompareTo(other.Start);
            return order != 0 ? order : Seq.CompareTo(other.Seq);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key:R}_{Video:x}_{Start}_{Seq}");

        public static Place Parse(string text)
        {
            var parts = text.Split('_');
            return parts.Length == 4 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var key)
                && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var video)
                && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start)
                && long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seq)
                ? new Place(key, video, start, seq)
                : throw new FormatException($"'{text}' is no page; take the one that the page before names as its next.");
        }
    }

    /// <summary>The fusion that each row's job uses. Neighbours are mostly of one job, which is looked up once.</summary>
    private sealed class Fusions(ClipColumns columns, IReadOnlyDictionary<long, CurationOptions> options)
    {
        private long _job = long.MinValue;
        private DoverFusion _fusion;

        public DoverFusion At(int row)
        {
            var job = columns.Jobs[row];
            if (job != _job)
            {
                (_job, _fusion) = (job, options.TryGetValue(job, out var found) ? found.TechnicalQuality.Fusion : DoverFusion.AsShipped);
            }

            return _fusion;
        }
    }

    private sealed class Matcher(
        ClipColumns columns, ClipFilter filter, Fusions fusions, Dictionary<string, int> reasons, IReadOnlyList<long>? found)
    {
        private int _next;
        private readonly ScoreRange[] _ranges = [.. filter.Ranges ?? []];
        private readonly int _reason = filter.Reason is { } reason ? reasons.GetValueOrDefault(reason, -1) : 0;

        public bool Fits(int row)
        {
            if ((filter.Job is { } job && columns.Jobs[row] != job)
                || (filter.Outcome is { } outcome && columns.OutcomeAt(row) != outcome)
                || (filter.Stage is { } stage && columns.StageAt(row) != stage)
                || (filter.Reason is not null && columns.Reasons[row] != _reason)
                || (filter.Category is { } category && columns.CategoryAt(row) != (int)category)
                || (filter.NoCategory && columns.CategoryAt(row) != -1)
                || (filter.Duplicate is { } duplicate && columns.DuplicateAt(row) != duplicate))
            {
                return false;
            }

            // A withdrawn clip is listed only where somebody asks for its stage.
            if (filter.Stage is null && IsWithdrawn(columns, row))
            {
                return false;
            }

            foreach (var range in _ranges)
            {
                var value = columns.ScoreAt(row, range.Score, fusions.At(row));
                if (double.IsNaN(value) || value < range.Min || value > range.Max)
                {
                    return false;
                }
            }

            return found is null || Found(columns.Seqs[row]);
        }

        /// <summary>Both come in ascending order: each is walked through once.</summary>
        private bool Found(long seq)
        {
            while (_next < found!.Count && found[_next] < seq)
            {
                _next++;
            }

            return _next < found.Count && found[_next] == seq;
        }
    }
}

using System.Globalization;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Silo.Views;

namespace MedGenCluster.Silo.Api;

/// <summary>The filters of a list of items as they stand in its address.</summary>
/// <param name="Kind"><c>clip</c> or <c>video</c>.</param>
/// <param name="Text">Words in captions.</param>
/// <param name="Min">Least scores, for example <c>aesthetic:4</c>; repeatable.</param>
/// <param name="Sort">id, aesthetic, technical, words, border or duration; with a minus before it the other way round.</param>
internal sealed record ItemsQuery(
    string? Kind, long? Job, string? Stage, string? Outcome, string? Reason, string? Category, string? Text, bool? Duplicate, string? Parent, string[]? Min, string[]? Max, string? Sort, string? After, int? Limit)
{
    private const int Most = 200;
    private const int Usual = 48;
    private const int LongestText = 200;

    public int Size => Math.Clamp(Limit ?? Usual, 1, Most);

    /// <returns>The filter and the order, or what is wrong, in a sentence.</returns>
    public (ClipFilter? Filter, ClipSort? Sort, string? Trouble) Parse()
    {
        if (Kind is not (null or "clip" or "video"))
        {
            return Wrong($"kind is clip or video, not '{Kind}'.");
        }

        if ((Kind == "video" || Parent is not null) && ClipsAlone() is { Count: > 0 } alone)
        {
            return Wrong($"{string.Join(" and ", alone)} cannot be asked of videos or together with parent; job, stage, outcome, reason, after and limit can.");
        }

        StageId? stage = null;
        if (Stage is not null)
        {
            if (!StageNames.TryParse(Stage, out var named))
            {
                return Wrong($"There is no stage {Stage}; there are {string.Join(", ", StageNames.All)}.");
            }

            stage = named;
        }

        var outcome = Outcome is null ? null : Words.ParseOutcome(Outcome);
        if (Outcome is not null && outcome is null)
        {
            return Wrong($"There is no outcome {Outcome}; there are {string.Join(", ", Enum.GetValues<Outcome>().Select(Words.Of))}.");
        }

        ClipCategory? category = null;
        if (Category is not (null or "" or "none"))
        {
            category = Enum.GetValues<ClipCategory>().Where(known => known.Name() == Category).Select(known => (ClipCategory?)known).FirstOrDefault();
            if (category is null)
            {
                return Wrong($"There is no category {Category}; there are {string.Join(", ", Enum.GetValues<ClipCategory>().Select(known => known.Name()))} and none.");
            }
        }

        if (Text?.Length > LongestText)
        {
            return Wrong($"text has at most {LongestText} characters.");
        }

        if (Limit is < 1 or > Most)
        {
            return Wrong($"limit is between 1 and {Most}.");
        }

        var ranges = new List<ScoreRange>();
        foreach (var (bound, least) in (Min ?? []).Select(min => (min, true)).Concat((Max ?? []).Select(max => (max, false))))
        {
            var colon = bound.IndexOf(':');
            if (colon < 1 || Score(bound[..colon]) is not { } score
                || !double.TryParse(bound.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                return Wrong($"'{bound}' is no bound of a score; write one such as aesthetic:4 with one of {string.Join(", ", Enum.GetNames<ClipScore>().Select(name => name.ToLowerInvariant()))}.");
            }

            ranges.Add(new ScoreRange(score, least ? value : null, least ? null : value));
        }

        var descending = Sort?.StartsWith('-') == true;
        var by = Sort?.TrimStart('-');
        if (by is not (null or "id") && Score(by) is null)
        {
            return Wrong($"Items cannot be sorted by '{by}'; by id, {string.Join(", ", Enum.GetNames<ClipScore>().Select(name => name.ToLowerInvariant()))} they can.");
        }

        return (
            new ClipFilter(Job, stage, outcome, string.IsNullOrEmpty(Reason) ? null : Reason, category, Category == "none", Duplicate, string.IsNullOrWhiteSpace(Text) ? null : Text, ranges),
            new ClipSort(by is null or "id" ? null : Score(by), descending), null);
    }

    /// <summary>The given filters that only the whole of the clips can be asked for; other lists come in the order of the names.</summary>
    private List<string> ClipsAlone() =>
    [
        .. new (string Name, bool Given)[]
        {
            ("category", !string.IsNullOrEmpty(Category)), ("text", !string.IsNullOrWhiteSpace(Text)), ("duplicate", Duplicate is not null), ("min", Min is { Length: > 0 }), ("max", Max is { Length: > 0 }),
            ("sort", Sort is not (null or "id")),
        }.Where(filter => filter.Given).Select(filter => filter.Name),
    ];

    private static (ClipFilter?, ClipSort?, string?) Wrong(string sentence) => (null, null, sentence);

    private static ClipScore? Score(string name) => Enum.TryParse<ClipScore>(name, ignoreCase: true, out var score) && Enum.IsDefined(score) && !char.IsAsciiDigit(name[0]) ? score : null;
}

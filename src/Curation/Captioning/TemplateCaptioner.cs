using System.Globalization;
using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Captioning;

/// <summary>Captions without a model, the same for the same input. They say what the metadata says, in quotation marks, and what was
/// measured; nothing else is claimed to be shown.</summary>
public sealed partial class TemplateCaptioner : ICaptioner
{
    private const int QuotedWords = 40;

    public string Version => "template-1";

    public bool NeedsFrames => false;

    public Task<CaptionResult> CaptionAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var category = CategoryRule.Classify(request.Title, request.Description, request.Transcript);
        var opening = Opening(request, category);
        var sentences = new List<string> { opening };
        if (Quote(request.Transcript) is { Length: > 0 } transcript)
            sentences.Add($"During the clip the narration says: “{transcript}”.");
        if (Quote(request.Description) is { Length: > 0 } description)
            sentences.Add($"The video is described as: “{description}”.");
        if (request.Visuals is { } visuals)
            sentences.Add(Picture(visuals));
        if (sentences.Count == 1)
            sentences.Add("No narration and no description come with it.");
        return Task.FromResult<CaptionResult>(
            new CaptionResult.Captioned(string.Join(" ", sentences), opening, category, Version, CaptionPrompt.HashOf(Version)));
    }

    private static string Opening(CaptionRequest request, ClipCategory? category)
    {
        var length = request.DurationSeconds is { } seconds ? Length(seconds) : "A short clip";
        var video = category is { } known ? $"{Article(known)} {known.Name()} video" : "a medical video";
        var title = Quote(request.Title);
        return title.Length == 0 ? $"{length} from {video}." : $"{length} from {video} titled “{title}”.";
    }

    private static string Length(double seconds)
    {
        var whole = Math.Max(1, (int)Math.Round(seconds, MidpointRounding.AwayFromZero));
        // Eight, eleven, eighteen and the eighties begin with a vowel.
        var article = whole is 8 or 11 or 18 or (>= 80 and < 90) ? "An" : "A";
        return string.Create(CultureInfo.InvariantCulture, $"{article} {whole}-second clip");
    }

    private static string Article(ClipCategory category) => category is ClipCategory.Animation or ClipCategory.Imaging ? "an" : "a";

    // Bounds of the words: a quarter and five eighths of the luma range; Hasler and Süsstrunk's "slightly" and "quite" colourful; motion ours.
    private static string Picture(VisualStatistics visuals)
    {
        var light = visuals.Brightness switch { < 64 => "dark", < 160 => "evenly lit", _ => "bright" };
        var colour = visuals.Colourfulness switch { < 5 => "almost without colour", < 33 => "muted in colour", < 59 => "colourful", _ => "strongly coloured" };
        var motion = visuals.Motion switch { < 1 => "hardly any movement", < 6 => "gentle movement", < 20 => "clear movement", _ => "strong movement" };
        return $"The picture is {light} and {colour}, with {motion}.";
    }

    /// <summary>The text's first sentence and as many more as fit into 40 words, without links, tags and quotation marks of its own.</summary>
    private static string Quote(string text)
    {
        var words = Clutter().Replace(text, " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length <= QuotedWords)
            return string.Join(' ', words).TrimEnd('.', ',', ';', ':', ' ');
        for (var i = QuotedWords; i > QuotedWords / 4; i--)
            if (words[i - 1][^1] is '.' or '!' or '?')
                return string.Join(' ', words[..i]).TrimEnd('.');
        return string.Join(' ', words[..QuotedWords]).TrimEnd('.', ',', ';', ':') + " …";
    }

    [GeneratedRegex(@"https?://\S+|www\.\S+|[#@]\w+|[""“”«»]")]
    private static partial Regex Clutter();
}

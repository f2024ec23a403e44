using System.Text;
using System.Text.Json.Serialization;

namespace MedGenCluster.Curation.Captioning;

/// <summary>The five kinds of video of arXiv 2507.05675, Figure 5.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClipCategory>))]
public enum ClipCategory
{
    Teaching,
    ClinicalPractice,
    PopularScience,
    Animation,
    Imaging,
}

public static class ClipCategoryNames
{
    /// <summary>The name as the paper writes it, for example <c>clinical practice</c>.</summary>
    public static string Name(this ClipCategory category) => category switch
    {
        ClipCategory.ClinicalPractice => "clinical practice",
        ClipCategory.PopularScience => "popular science",
        _ => category.ToString().ToLowerInvariant(),
    };
}

/// <summary>Guesses the category from words. The paper does not say how it assigns categories; the keywords and weights are ours.</summary>
public static class CategoryRule
{
    private const int TitleWeight = 3;
    private const int DescriptionWeight = 2;
    private const int TranscriptWeight = 1;

    // In the order that decides ties: how a thing is shown tells more than that something is explained.
    private static readonly (ClipCategory Category, string[] Keywords)[] Rules =
    [
        (ClipCategory.Animation, ["animation", "animated", "3d model", "cgi", "cartoon", "motion graphic", "illustrated", "rendering"]),
        (ClipCategory.Imaging,
        [
            "ultrasound", "sonography", "sonogram", "echocardiogram", "echocardiography", "mri", "magnetic resonance", "ct", "computed tomography",
            "x ray", "xray", "radiograph", "radiology", "angiography", "angiogram", "mammography", "mammogram", "pet scan", "fluoroscopy", "doppler",
            "imaging", "scan",
        ]),
        (ClipCategory.ClinicalPractice,
        [
            "surgery", "surgical", "surgeon", "operation", "operating room", "operating theatre", "laparoscopic", "laparoscopy", "robotic", "procedure",
            "incision", "suture", "suturing", "resection", "endoscopy", "endoscopic", "colonoscopy", "bronchoscopy", "arthroscopy", "intubation",
            "catheter", "injection", "biopsy", "excision", "transplant", "wound", "dressing", "anaesthesia", "anesthesia", "patient", "bedside", "clinic",
        ]),
        (ClipCategory.PopularScience,
        [
            "symptom", "prevention", "prevent", "health tip", "healthy", "diet", "nutrition", "myth", "wellness", "lifestyle", "your body", "home remedy",
            "home remedies", "awareness", "did you know", "fact", "warning sign", "what happens", "benefit",
        ]),
        (ClipCategory.Teaching,
        [
            "lecture", "course", "lesson", "tutorial", "anatomy", "physiology", "pathology", "pharmacology", "medical student", "nursing student", "usmle",
            "mnemonic", "education", "educational", "explained", "learn", "learning", "professor", "grand round", "case discussion", "teaching", "training",
            "demonstration", "step by step", "student", "exam", "introduction", "overview",
        ]),
    ];

    /// <summary>The category whose keywords weigh most (title 3, description 2, transcript 1, each keyword once for each text), or null
    /// where none occurs.</summary>
    public static ClipCategory? Classify(string title, string description, string transcript)
    {
        (string Text, int Weight)[] texts =
            [(Normalise(title), TitleWeight), (Normalise(description), DescriptionWeight), (Normalise(transcript), TranscriptWeight)];
        ClipCategory? best = null;
        var most = 0;
        foreach (var (category, keywords) in Rules)
        {
            var weight = texts.Sum(text => text.Weight * keywords.Count(keyword => Contains(text.Text, keyword)));
            if (weight > most)
                (best, most) = (category, weight);
        }
        return best;
    }

    private static bool Contains(string text, string keyword) =>
        text.Contains($" {keyword} ", StringComparison.Ordinal) || text.Contains($" {keyword}s ", StringComparison.Ordinal);

    /// <summary>Lower-case words between single spaces, so that keywords match whole words.</summary>
    private static string Normalise(string text)
    {
        var words = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
                words.Append(char.ToLowerInvariant(character));
            else if (words[^1] != ' ')
                words.Append(' ');
        }
        return words.Append(' ').ToString();
    }
}

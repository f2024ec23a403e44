namespace MedGenCluster.Curation.Screening;

/// <summary>The text that an <see cref="ITextClassifier"/> reads.</summary>
public static class ScreeningText
{
    /// <summary>Title, line feed, description; the title alone where there is no description, the description alone where there is
    /// no title. Nothing is shortened: the classifier reads as far as its model does, and what comes first counts.</summary>
    public static string Of(string? title, string? description)
    {
        var (first, second) = (title?.Trim() ?? "", description?.Trim() ?? "");
        return second.Length == 0 ? first : first.Length == 0 ? second : $"{first}\n{second}";
    }
}

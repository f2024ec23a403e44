namespace MedGenCluster.Curation.Screening;

/// <summary>The text of a row that the classifier sees.</summary>
public static class ScreeningText
{
    /// <summary>UTF-16 units that are given to the classifier at the most: far more than its window of tokens holds.</summary>
    public const int MaxLength = 8192;

    /// <summary>Title and description on lines of their own, cut to <see cref="MaxLength"/> but never inside a surrogate pair.</summary>
    public static string Of(string? title, string? description)
    {
        var text = string.IsNullOrEmpty(description) ? title ?? "" : $"{title}\n{description}";
        if (text.Length <= MaxLength)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }
}

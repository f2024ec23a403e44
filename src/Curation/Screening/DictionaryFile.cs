using System.Text;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening;

/// <summary>Reads the lines of a dictionary file: a text, a tab, and what is said of it.</summary>
internal static class DictionaryFile
{
    /// <summary>A file in another encoding is an error, not a dictionary of question marks.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="defaultCategory">For lines without a tab; null where they are errors.</param>
    /// <exception cref="DictionaryException">A line cannot be used, or repeats a term.</exception>
    public static IEnumerable<KeywordTerm> Terms(TextReader reader, string file, string? defaultCategory) =>
        Lines(reader, file, "term<TAB>category", defaultCategory).Select(line => new KeywordTerm(line.Text, line.Remark));

    /// <exception cref="DictionaryException">A line cannot be used, or repeats a phrase.</exception>
    public static IEnumerable<ExcludedPhrase> Exclusions(TextReader reader, string file) =>
        Lines(reader, file, "phrase<TAB>reason", null).Select(line => new ExcludedPhrase(line.Text, line.Remark));

    private static IEnumerable<(string Text, string Remark)> Lines(TextReader reader, string file, string shape, string? defaultRemark)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                continue;
            }

            var remark = line.Split('\t') switch
            {
                [_] => defaultRemark,
                [_, var second] when !string.IsNullOrWhiteSpace(second) => second.Trim(),
                _ => null,
            };
            var text = TermNormalForm.Of(line.Split('\t')[0].Trim());
            var fault = remark is null ? $"is not of the form {shape}" : TermNormalForm.Fault(Encoding.UTF8.GetBytes(text)) is { } wrong ? $"holds a term that {wrong}" : null;
            if (fault is null && !seen.TryAdd(text, number))
            {
                fault = $"repeats '{text}' of line {seen[text]}";
            }

            yield return fault is null ? (text, remark!) : throw new DictionaryException($"{file}:{number}: the line {fault}.");
        }
    }
}

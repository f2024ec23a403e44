using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Screening;

/// <summary>The terms that make a candidate worth a closer look, and the phrases in which they mean something else. Immutable.</summary>
public sealed class KeywordDictionary
{
    private const string ExclusionsFile = "exclusions.tsv";

    private static readonly Lazy<KeywordDictionary> Embedded = new(ReadEmbedded);

    /// <param name="terms">Any spelling; kept in normal form. The last of several with one normal form counts.</param>
    /// <param name="exclusions">As <paramref name="terms"/>.</param>
    /// <exception cref="DictionaryException">A term begins or ends with something that is neither letter nor digit, or holds what no term can.</exception>
    public KeywordDictionary(IEnumerable<KeywordTerm> terms, IEnumerable<ExcludedPhrase>? exclusions = null)
    {
        Terms = Distinct(terms.Select(term => term with { Text = Normal(term.Text) }), term => term.Text);
        Exclusions = Distinct((exclusions ?? []).Select(phrase => phrase with { Text = Normal(phrase.Text) }), phrase => phrase.Text);
        Version = Digest();
    }

    /// <summary>The dictionary that the program carries.</summary>
    public static KeywordDictionary Standard => Embedded.Value;

    /// <summary>Distinct by text, in ordinal order of it.</summary>
    public IReadOnlyList<KeywordTerm> Terms { get; }

    /// <summary>Distinct by text, in ordinal order of it.</summary>
    public IReadOnlyList<ExcludedPhrase> Exclusions { get; }

    /// <summary>Sixteen hexadecimal digits that differ where terms, categories or exclusions do.</summary>
    public string Version { get; }

    /// <summary>This dictionary and the terms of a file: a term a line, after a tab its category (<c>user</c> where there is none); lines that begin with # are
    /// comments. A term that is known already takes the file's category.</summary>
    /// <exception cref="DictionaryException">The file cannot be read, or one of its lines cannot be used.</exception>
    public KeywordDictionary WithTermsOf(string path)
    {
        try
        {
            using var reader = new StreamReader(path, DictionaryFile.Utf8);
            return new KeywordDictionary(Terms.Concat(DictionaryFile.Terms(reader, path, defaultCategory: "user")), Exclusions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new DictionaryException($"The terms of '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static KeywordDictionary ReadEmbedded()
    {
        var assembly = typeof(KeywordDictionary).Assembly;
        var terms = new List<KeywordTerm>();
        var exclusions = new List<ExcludedPhrase>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("dictionary/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var file = name["dictionary/".Length..];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, DictionaryFile.Utf8);
            if (file == ExclusionsFile)
            {
                exclusions.AddRange(DictionaryFile.Exclusions(reader, file));
            }
            else
            {
                terms.AddRange(DictionaryFile.Terms(reader, file, defaultCategory: null));
            }
        }

        return new KeywordDictionary(terms, exclusions);
    }

    private static string Normal(string text)
    {
        var form = TermNormalForm.Of(text);
        return TermNormalForm.Fault(Encoding.UTF8.GetBytes(form)) is { } fault ? throw new DictionaryException($"The term '{text}' {fault}.") : form;
    }

    private static List<T> Distinct<T>(IEnumerable<T> items, Func<T, string> text) =>
        [.. items.GroupBy(text, StringComparer.Ordinal).Select(same => same.Last()).OrderBy(text, StringComparer.Ordinal)];

    private string Digest()
    {
        var lines = Terms.Select(term => $"{term.Text}\t{term.Category}").Append("").Concat(Exclusions.Select(phrase => phrase.Text));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }
}

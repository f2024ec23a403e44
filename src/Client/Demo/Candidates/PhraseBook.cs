using System.Text;

namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>The phrases by section of <c>phrases.txt</c>.</summary>
internal sealed class PhraseBook
{
    private static readonly Lazy<PhraseBook> Own = new(() => new PhraseBook());

    private readonly Dictionary<string, string[]> _sections = [];

    private PhraseBook()
    {
        using var reader = new StreamReader(typeof(PhraseBook).Assembly.GetManifestResourceStream("candidates/phrases.txt")!, Encoding.UTF8);
        var section = "";
        foreach (var line in reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            section = line is ['[', .. var name, ']'] ? name : section;
            _sections[section] = line[0] == '[' ? [] : [.. _sections[section], line];
        }
    }

    public static PhraseBook Standard => Own.Value;

    /// <summary>Languages other than English, in the order of the file.</summary>
    public IEnumerable<string> OtherLanguages => _sections.Keys.Where(name => name.StartsWith("title ", StringComparison.Ordinal) && name != "title en").Select(name => name["title ".Length..]);

    public Phrase[] Phrases(string section) => [.. _sections[section].Select(Phrase.Of)];

    /// <summary>Every template of a section with every filler in its gap; templates without a gap once.</summary>
    public IEnumerable<Phrase> Filled(string section, IReadOnlyList<string> fillers) =>
        _sections[section].SelectMany(template => template.Contains("{}") ? fillers.Select(filler => template.Replace("{}", filler)) : [template]).Select(Phrase.Of);
}

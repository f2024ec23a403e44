using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class KeywordDictionaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_dictionary_of_the_program_is_readable()
    {
        Assert.NotEmpty(KeywordDictionary.Standard.Terms);
        Assert.NotEmpty(KeywordDictionary.Standard.Exclusions);
        Assert.All(KeywordDictionary.Standard.Terms, term => Assert.False(string.IsNullOrWhiteSpace(term.Category)));
    }

    [Fact]
    public void A_file_adds_terms_in_normal_form_and_may_move_one_to_another_category()
    {
        var dictionary = ScanLab.Dictionary.WithTermsOf(Write("# mine\n\nHEART\tfeelings\nÉcho-cardiographie\n"));

        Assert.Contains(new KeywordTerm("heart", "feelings"), dictionary.Terms);
        Assert.Contains(new KeywordTerm("echo cardiographie", "user"), dictionary.Terms);
        Assert.Equal(ScanLab.Dictionary.Terms.Count + 1, dictionary.Terms.Count);
        Assert.NotEqual(ScanLab.Dictionary.Version, dictionary.Version);
    }

    [Theory]
    [InlineData("heart\tanatomy\textra", "is not of the form term<TAB>category")]
    [InlineData("heart\t ", "is not of the form term<TAB>category")]
    [InlineData("(heart)", "holds a term that begins or ends with something that is neither letter nor digit")]
    [InlineData("a, b", "holds a term that holds a quote, a comma, a backslash or a sign beyond ASCII")]
    [InlineData("lung\nLUNG", "repeats 'lung' of line 2")]
    public void A_line_that_cannot_be_used_is_named(string lines, string fault)
    {
        var path = Write("# mine\n" + lines + "\n");

        var error = Assert.Throws<DictionaryException>(() => ScanLab.Dictionary.WithTermsOf(path));

        Assert.Equal($"{path}:{2 + lines.Count(letter => letter == '\n')}: the line {fault}.", error.Message);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_utf8_is_named()
    {
        var path = _folder.File("latin1.tsv", [(byte)'a', 0xE9, (byte)'\n']);

        Assert.Contains(path, Assert.Throws<DictionaryException>(() => ScanLab.Dictionary.WithTermsOf(path)).Message);
        Assert.Contains("nowhere", Assert.Throws<DictionaryException>(() => ScanLab.Dictionary.WithTermsOf(Path.Combine(_folder.Root, "nowhere"))).Message);
    }

    private string Write(string text) => _folder.File("terms.tsv", text);
}

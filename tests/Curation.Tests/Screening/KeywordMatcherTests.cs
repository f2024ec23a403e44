using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Tests.Lifecycle;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class KeywordMatcherTests
{
    private static readonly string[] Latin = ["heart", "heart failure", "x ray", "cardiomyopathy", "heart's", "odem", "k", "ss", "7 heart", "failure of heart"];
    private static readonly string[] Foreign = [.. Latin, "\u5FC3\u810F", "heart \u0436", "\u0436"];
    private static readonly string[] Phrases = ["heart of gold", "x ray of"];

    public static TheoryData<string> Vocabularies => ["latin", "foreign"];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Rows_of_every_format_hold_the_terms_that_the_definition_finds(string vocabulary)
    {
        var terms = vocabulary == "latin" ? Latin : Foreign;
        var matcher = new KeywordMatcher(new KeywordDictionary(terms.Select(term => new KeywordTerm(term, "c")), Phrases.Select(phrase => new ExcludedPhrase(phrase, "r"))));

        LifeGenerators.Holds(SpokenText.Any.Zip(Gen.Choose(0, 200)), both =>
        {
            var (text, lead) = both;
            // Behind a lead of another length every character meets every border between vectors.
            var written = new string('.', lead) + text.Written;
            var expected = SpokenText.Naive(new string('.', lead) + text.Understood, terms, Phrases);

            Assert.Equal(expected, Distinct(matcher.Match(written)));
            Assert.Equal(expected, Distinct(Scan.Json(matcher, written, Never)));
            Assert.Equal(expected, Distinct(Scan.Json(matcher, written, (letter, index) => letter > 0x7E)));
            Assert.Equal(expected, Distinct(Scan.Json(matcher, written, (letter, index) => index % 3 == 0)));
            Assert.Equal(expected, Distinct(Scan.Csv(matcher, written)));
            return true;
        }, tests: 1500);
    }

    [Fact]
    public void A_longer_term_does_not_hide_one_inside_it()
    {
        Assert.Equal(["heart failure", "heart"], ScanLab.Matcher.Match("Acute HEART\u2014failure").Select(match => match.Term));
    }

    [Fact]
    public void A_term_is_reported_once_for_each_field()
    {
        var matches = ScanLab.Matcher.Match("heart, heart, heart", "a heart", ["heart", "heart"]);

        Assert.Equal(
            [new("heart", "anatomy", CandidateField.Title), new("heart", "anatomy", CandidateField.Description), new MatchedTerm("heart", "anatomy", CandidateField.Tags)], matches);
    }

    [Fact]
    public void An_excluded_phrase_covers_its_own_occurrence_alone()
    {
        Assert.Empty(ScanLab.Matcher.Match("Heart of Gold"));
        Assert.Equal(["heart"], ScanLab.Matcher.Match("Heart of Gold, a song of the heart").Select(match => match.Term));
    }

    [Fact]
    public void No_term_reaches_over_two_tags()
    {
        Assert.Equal(["heart"], ScanLab.Matcher.Match("", "", ["heart", "failure"]).Select(match => match.Term));
    }

    [Theory]
    [InlineData("\u0153d\u00E8me", "oedema", false)]
    [InlineData("\u0152DEMA", "oedema", true)]
    [InlineData("Crohn\u2019s  Disease", "crohn's disease", true)]
    [InlineData("Operaci\u00F3n de coraz\u00F3n", "operacion de corazon", true)]
    [InlineData("x_ray", "x ray", false)]
    [InlineData("x-rays", "x ray", false)]
    [InlineData("\u5FC3\u810F", "\u5FC3\u810F", true)]
    public void Case_accents_and_hyphens_make_no_difference_and_letters_do(string text, string term, bool occurs)
    {
        Assert.Equal(occurs, ScanLab.Matcher.Match(text).Any(match => match.Term == term));
    }

    [Fact]
    public void Words_longer_than_a_vector_are_words()
    {
        var word = new string('a', 200);
        var matcher = new KeywordMatcher(new KeywordDictionary([new KeywordTerm(word, "c"), new KeywordTerm(word + "b c", "c")]));

        Assert.Equal([word], Scan.Json(matcher, $"x {word} y", Never).Select(match => match.Term));
        Assert.Equal([word + "b c"], Scan.Json(matcher, $"x {word}b c", Never).Select(match => match.Term));
        Assert.Empty(Scan.Json(matcher, $"x {word}d", Never));
    }

    [Fact]
    public void Escapes_end_words_wherever_they_stand()
    {
        for (var lead = 0; lead < 130; lead++)
        {
            foreach (var sign in new[] { "\u3002", "\U0001F525", "\n", "\"", "\\" })
            {
                var title = new string('.', lead) + sign + "heart" + sign;
                Assert.Equal("heart", Assert.Single(Scan.Json(ScanLab.Matcher, title, (letter, _) => letter > 0x7E)).Term);
            }
        }
    }

    private static bool Never(char letter, int index) => false;

    private static SortedSet<string> Distinct(IEnumerable<MatchedTerm> matches) => [.. matches.Select(match => match.Term)];
}

using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Tests.Screening;

/// <summary>The files of the medical dictionary keep the form that their README promises.</summary>
public sealed partial class DictionaryFilesTests
{
    private static readonly string Folder = FindFolder();
    private static readonly string[] Categories = ["anatomy", "procedures", "specialities", "imaging", "instruments", "conditions", "education"];
    private static readonly List<(string Text, string Second)> Exclusions = Lines("exclusions");
    private static readonly List<(string Text, string Second)> Terms = [.. Categories.SelectMany(Lines)];

    [Fact]
    public void There_are_enough_terms_in_every_category_and_enough_exclusions()
    {
        Assert.True(Terms.Count >= 1800, $"{Terms.Count} terms");
        Assert.All(Categories, category => Assert.True(Lines(category).Count >= 150, category));
        Assert.True(Exclusions.Count >= 150, $"{Exclusions.Count} exclusions");
    }

    [Fact]
    public void A_term_carries_the_category_of_its_file()
    {
        Assert.All(Categories, category => Assert.All(Lines(category), line => Assert.Equal(category, line.Second)));
    }

    [Fact]
    public void No_term_and_no_exclusion_stands_twice()
    {
        Assert.Empty(Terms.GroupBy(line => line.Text).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Empty(Exclusions.GroupBy(line => line.Text).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Terms_and_exclusions_are_in_normal_form()
    {
        Assert.DoesNotContain(Terms.Concat(Exclusions), line => !NormalForm().IsMatch(line.Text));
        Assert.DoesNotContain(Exclusions, line => line.Second.Length == 0);
    }

    [Fact]
    public void Every_exclusion_has_a_term_inside_of_it_and_takes_none_out_for_good()
    {
        var terms = Terms.Select(line => line.Text).ToHashSet();

        Assert.DoesNotContain(Exclusions, line => terms.Contains(line.Text));
        Assert.DoesNotContain(Exclusions, line => !Runs(line.Text.Split(' ')).Any(terms.Contains));
    }

    private static IEnumerable<string> Runs(string[] words) =>
        from start in Enumerable.Range(0, words.Length)
        from length in Enumerable.Range(1, words.Length - start)
        select string.Join(' ', words.AsSpan(start, length).ToArray());

    private static List<(string Text, string Second)> Lines(string name) =>
    [
        .. File.ReadLines(Path.Combine(Folder, name + ".tsv")).Where(line => !line.StartsWith('#')).Select(line =>
        {
            var cells = line.Split('\t');
            Assert.Equal(2, cells.Length);
            return (cells[0], cells[1]);
        }),
    ];

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedGenCluster.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests run inside of the source tree."), "src", "Curation", "Screening", "Dictionary");
    }

    [GeneratedRegex("^[a-z0-9]+( [a-z0-9]+)*$")]
    private static partial Regex NormalForm();
}

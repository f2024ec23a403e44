using System.Text;
using System.Text.Json;
using MedGenCluster.Client.Demo.Candidates;

namespace MedGenCluster.Client.Tests.Demo;

public sealed class GeneratedCandidatesTests
{
    private static readonly CandidateRecipe Recipe = new()
    {
        Rows = 2000, Seed = 5, MedicalShare = 0.1, HardNegativeShare = 0.05, WithLabels = true, Terms = ["heart failure", "ct scan"], HardNegatives = ["heart of gold"],
        Planted = [Encoding.UTF8.GetBytes("""{"id":"planted-1"}"""), Encoding.UTF8.GetBytes("""{"id":"planted-2"}""")],
    };

    [Fact]
    public void Equal_recipes_give_equal_bytes_and_other_seeds_others()
    {
        Assert.Equal(Text(Recipe), Text(Recipe));
        Assert.NotEqual(Text(Recipe), Text(Recipe with { Seed = 6 }));
    }

    [Fact]
    public void Every_row_is_json_with_the_fields_of_a_video()
    {
        var rows = Rows(Recipe).Where(row => !Id(row).StartsWith("planted", StringComparison.Ordinal)).ToList();

        Assert.Equal(2000, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.False(string.IsNullOrEmpty(row.GetProperty("title").GetString()));
            Assert.NotNull(row.GetProperty("description").GetString());
            Assert.Equal($"https://www.youtube.com/watch?v={Id(row)}", row.GetProperty("webpage_url").GetString());
        });
        Assert.Equal(2000, rows.Select(Id).Distinct().Count());
    }

    [Fact]
    public void The_shares_are_those_of_the_recipe_and_medical_rows_name_a_term()
    {
        var rows = Rows(Recipe);
        var medical = rows.Where(row => row.TryGetProperty("label", out var label) && label.GetString() == "medical").ToList();

        Assert.InRange(medical.Count, 150, 250);
        Assert.All(medical, row => Assert.Matches("heart failure|ct scan", row.GetProperty("title").GetString()));
        Assert.InRange(rows.Count(row => row.TryGetProperty("title", out var title) && title.GetString()!.Contains("heart of gold", StringComparison.Ordinal)), 60, 140);
    }

    [Fact]
    public void Some_rows_are_pure_ascii_with_escapes_and_others_are_not()
    {
        var lines = Text(Recipe).Split('\n');

        Assert.InRange(lines.Count(line => line.Contains("\\u", StringComparison.OrdinalIgnoreCase)), 100, 1000);
        Assert.InRange(lines.Count(line => !Ascii.IsValid(line)), 300, 1500);
    }

    [Fact]
    public void Planted_rows_stand_among_the_others_in_their_order()
    {
        var ids = Rows(Recipe).Select(Id).ToList();

        Assert.Equal([666, 1334], new[] { ids.IndexOf("planted-1"), ids.IndexOf("planted-2") });
    }

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;

    private static string Text(CandidateRecipe recipe)
    {
        using var reader = new StreamReader(new GeneratedCandidates(recipe), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static List<JsonElement> Rows(CandidateRecipe recipe) =>
        [.. Text(recipe).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}

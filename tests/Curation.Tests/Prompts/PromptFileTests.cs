using System.Text;
using MedGenCluster.Curation.Prompts;

namespace MedGenCluster.Curation.Tests.Prompts;

public sealed class PromptFileTests
{
    [Fact]
    public void Blank_lines_and_comments_are_passed_over_and_counted()
    {
        var list = Parse("# prompts\n\nA heart beats.\n   \n\t# more\nA knee bends.\n");

        Assert.Equal(["A heart beats.", "A knee bends."], list.Prompts.Select(prompt => prompt.Text));
        Assert.Equal([3, 6], list.Prompts.Select(prompt => prompt.Line));
        Assert.Equal((2, 2), (list.BlankLines, list.CommentLines));
        Assert.Empty(list.Errors);
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_are_no_part_of_a_prompt()
    {
        var list = PromptFile.Parse([0xEF, 0xBB, 0xBF, .. "one\r\ntwo\r\n"u8], "p.txt");

        Assert.Equal(["one", "two"], list.Prompts.Select(prompt => prompt.Text));
    }

    [Theory]
    [InlineData("手術室で外科医が縫合している。")]
    [InlineData("Сердце бьётся на экране.")]
    [InlineData("<b>Ultrasound</b> of a heart & \"valve\" {not json} \\n %s")]
    [InlineData("نبض القلب 🫀")]
    public void Languages_and_markup_stay_as_they_are(string text)
    {
        Assert.Equal(text, Assert.Single(Parse("first\n" + text).Prompts, prompt => prompt.Line == 2).Text);
    }

    [Fact]
    public void Two_spellings_of_a_text_are_one_prompt()
    {
        var list = Parse("caf\u00E9\ncafe\u0301\n");

        Assert.Equal("caf\u00E9", Assert.Single(list.Prompts).Text);
        Assert.Equal(new DuplicatePrompt(2, 1), Assert.Single(list.Duplicates));
    }

    [Fact]
    public void Json_lines_give_category_and_id()
    {
        var list = Parse("""
            {"prompt": "A scan.", "category": "imaging", "id": "scan-1"}
            # a comment
            {"prompt": "A talk."}
            """);

        Assert.Equal([new Prompt("scan-1", "A scan.", "imaging", 1), new Prompt(PromptFile.IdOf("A talk."), "A talk.", null, 3)], list.Prompts);
    }

    [Theory]
    [InlineData("{\"prompt\": \"a\"}\nplain\n", "p.txt, line 2: it is no JSON object")]
    [InlineData("{\"text\": \"a\"}", "p.txt, line 1: it has no text \"prompt\"")]
    [InlineData("{\"prompt\": 3}", "p.txt, line 1: it has no text \"prompt\"")]
    [InlineData("{\"prompt\": \"  \"}", "p.txt, line 1: its \"prompt\" is empty")]
    [InlineData("{\"prompt\": \"a\", \"category\": 5}", "p.txt, line 1: its \"category\" must be a text")]
    [InlineData("{\"prompt\": \"\\ud800\"}", "p.txt, line 1: it has half of a surrogate pair")]
    [InlineData("{\"prompt\": \"a\", \"id\": \"x\"}\n{\"prompt\": \"b\", \"id\": \"x\"}", "p.txt, line 2: the id 'x' stands on line 1 already")]
    [InlineData("a\u0000b", "p.txt, line 1: it has control characters")]
    [InlineData("\n# only\n", "p.txt has no prompts (1 blank lines, 1 comments)")]
    [InlineData("", "p.txt has no prompts")]
    public void What_cannot_be_used_is_named_with_its_line(string file, string error)
    {
        var list = Parse(file);

        Assert.StartsWith(error, Assert.Single(list.Errors));
        Assert.Empty(list.Prompts);
    }

    [Fact]
    public void A_prompt_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        var list = Parse(new string('a', PromptFile.MaxCharacters) + "\n" + new string('b', PromptFile.MaxCharacters + 1));

        Assert.Equal("p.txt, line 2: the prompt has 4,001 characters; at most 4,000 are taken. Shorten it.", Assert.Single(list.Errors));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_their_line()
    {
        Assert.StartsWith("p.txt, line 2: it is not valid UTF-8", Assert.Single(PromptFile.Parse([.. "good\n"u8, 0xC3, 0x28, 0x0A], "p.txt").Errors));
        Assert.Contains("UTF-16", Assert.Single(PromptFile.Parse([0xFF, 0xFE, 0x41, 0x00], "p.txt").Errors));
    }

    private static PromptList Parse(string text) => PromptFile.Parse(Encoding.UTF8.GetBytes(text), "p.txt");
}

using System.Text;
using MedGenCluster.Curation.Screening.Keywords;

namespace MedGenCluster.Curation.Tests.Screening;

public sealed class LetterFoldingTests
{
    private static readonly IEnumerable<Rune> Everything = Enumerable.Range(0x80, 0x110000 - 0x80).Where(Rune.IsValid).Select(value => new Rune(value));

    [Fact]
    public void A_folded_letter_is_at_most_twice_as_long()
    {
        Assert.DoesNotContain(Everything, rune => LetterFolding.Of(rune.Value) >> 56 > (ulong)(2 * rune.Utf8SequenceLength));
    }

    /// <summary>What the quick pass over texts relies on, asked of every character.</summary>
    [Fact]
    public void Every_character_that_changes_the_words_of_ascii_around_it_is_a_trigger()
    {
        var text = new byte[64];
        Assert.DoesNotContain(Everything, rune =>
        {
            var changes = Changes(rune);
            text.AsSpan().Fill((byte)'a');
            rune.EncodeToUtf8(text.AsSpan(20));
            return FoldingTriggers.Any(text, 0, FoldingTriggers.MayLead(in text[0])) != changes || (rune.IsBmp && FoldingTriggers.IsUnit(rune.Value) != changes);
        });
    }

    [Fact]
    public void An_escape_of_an_ascii_letter_is_a_trigger_and_one_of_a_sign_is_none()
    {
        Assert.True(FoldingTriggers.IsUnit('a') && FoldingTriggers.IsUnit('7') && FoldingTriggers.IsUnit(0xD835));
        Assert.False(FoldingTriggers.IsUnit('"') || FoldingTriggers.IsUnit(0xD83D) || FoldingTriggers.IsUnit(0x0416));
    }

    private static bool Changes(Rune rune)
    {
        var folded = LetterFolding.Of(rune.Value);
        var length = (int)(folded >> 56);
        return length == 0 || Enumerable.Range(0, length).Any(i => char.IsAsciiLetterOrDigit((char)((folded >> (8 * i)) & 0xFF)));
    }
}

using System.Globalization;
using System.Text;
using MedGenCluster.Curation.Transcripts;

namespace MedGenCluster.Curation.Tests.Transcripts;

public sealed class TranscriptTests
{
    [Fact]
    public void Cues_carry_their_times_in_seconds_and_their_text()
    {
        var transcript = Transcript.ParseText("WEBVTT\n\n00:00:01.500 --> 00:00:04.000\nThe heart has\nfour chambers.\n\n01:02:03.004 --> 01:02:05.000\nEnd.\n");

        Assert.Equal([new Cue(1.5, 4, "The heart has four chambers."), new Cue(3723.004, 3725, "End.")], transcript.Cues);
        Assert.Empty(transcript.Warnings);
    }

    [Theory]
    [InlineData("00:01.000 --> 00:02.000", 1, 2)]
    [InlineData("0:00:01.000 --> 00:02.000 align:start position:0%", 1, 2)]
    [InlineData("\t00:00:01,250-->00:00:02,750", 1.25, 2.75)]
    [InlineData("100:00:00.000 --> 100:00:01.000", 360000, 360001)]
    public void Times_may_lack_hours_carry_settings_or_be_SubRips(string timing, double start, double end)
    {
        Assert.Equal([new Cue(start, end, "x")], Transcript.ParseText($"WEBVTT\n\n{timing}\nx").Cues);
    }

    [Theory]
    [InlineData("<v Dr. Adams>Scalpel.</v>", "Scalpel.")]
    [InlineData("<c.yellow.bg_blue>Blood <i>pressure</i></c>", "Blood pressure")]
    [InlineData("Now<00:00:01.240><c> we</c><00:00:01.400><c> cut</c>", "Now we cut")]
    [InlineData("spO2 < 90 % &amp; falling", "spO2 < 90 % & falling")]
    [InlineData("a&nbsp;b &lt;c&gt; &#39;d&#39;", "a b <c> 'd'")]
    [InlineData("tail <unclosed", "tail <unclosed")]
    [InlineData("  many\t spaces\u200b ", "many spaces")]
    public void Text_is_plain(string payload, string expected)
    {
        var transcript = Transcript.ParseText($"WEBVTT\n\n00:01.000 --> 00:02.000\n{payload}\n");

        Assert.Equal(expected, Assert.Single(transcript.Cues).Text);
    }

    [Fact]
    public void Blocks_that_are_no_cues_are_left_out()
    {
        var transcript = Transcript.ParseText("""
            WEBVTT - a title
            Kind: captions
            Language: en

            STYLE
            ::cue { color: lime }

            REGION
            id:fred

            NOTE
            00:09.000 --> 00:10.000
            commented out

            intro
            00:01.000 --> 00:02.000
            kept

            NOTE the end
            """);

        Assert.Equal([new Cue(1, 2, "kept")], transcript.Cues);
        Assert.Empty(transcript.Warnings);
    }

    [Fact]
    public void Malformed_cues_are_skipped_and_named_by_line()
    {
        var transcript = Transcript.ParseText("WEBVTT\n\n00:61.000 --> 00:62.000\nbad seconds\n\n00:05.000 --> 00:04.000\nbackwards\n\nno time at all\n\n00:07.000 --> 00:08.000\ngood\n");

        Assert.Equal([new Cue(7, 8, "good")], transcript.Cues);
        Assert.Equal(3, transcript.SkippedCues);
        Assert.Collection(
            transcript.Warnings,
            w => Assert.StartsWith("line 3: ", w, StringComparison.Ordinal),
            w => Assert.StartsWith("line 6: ", w, StringComparison.Ordinal),
            w => Assert.StartsWith("line 9: ", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Many_malformed_cues_make_few_warnings_and_one_count()
    {
        var text = "WEBVTT\n\n" + string.Concat(Enumerable.Repeat("x --> y\nz\n\n", 100));

        var transcript = Transcript.ParseText(text);

        Assert.Equal(100, transcript.SkippedCues);
        Assert.Equal(21, transcript.Warnings.Count);
        Assert.Equal("and 80 more cues skipped", transcript.Warnings[^1]);
    }

    [Fact]
    public void A_missing_blank_line_loses_no_cue()
    {
        var transcript = Transcript.ParseText("WEBVTT\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb\n");

        Assert.Equal(["a", "b"], transcript.Cues.Select(cue => cue.Text));
    }

    [Fact]
    public void Rolling_automatic_captions_say_each_line_once()
    {
        var transcript = Transcript.ParseText("""
            WEBVTT
            Kind: captions

            00:00:00.080 --> 00:00:02.389 align:start position:0%
             
            hello<00:00:00.320><c> everyone</c>

            00:00:02.389 --> 00:00:02.399 align:start position:0%
            hello everyone
             

            00:00:02.399 --> 00:00:05.000 align:start position:0%
            hello everyone
            today<00:00:03.000><c> we</c><00:00:03.200><c> suture</c>

            00:00:05.000 --> 00:00:05.010 align:start position:0%
            today we suture
             

            00:00:09.000 --> 00:00:10.000 align:start position:0%
            today we suture
            """);

        Assert.Equal(
            [new Cue(0.08, 2.399, "hello everyone"), new Cue(2.399, 5.01, "today we suture"), new Cue(9, 10, "today we suture")],
            transcript.Cues);
    }

    [Fact]
    public void A_word_said_twice_in_ordinary_subtitles_stays_twice()
    {
        var transcript = Transcript.ParseText("WEBVTT\n\n00:01.000 --> 00:02.000\nPush.\n\n00:02.000 --> 00:03.000\nPush.\n");

        Assert.Equal("Push. Push.", transcript.TextBetween(0, 10));
    }

    [Theory]
    [InlineData(0, 10, "a b c")]
    [InlineData(3, 6, "b")] // a lies outside, c (5.5 to 8) is in by a fifth of its length and a sixth of the interval
    [InlineData(1, 2, "a")] // a (0 to 2) is in by half of its length
    [InlineData(1.5, 2, "a")] // and here by a quarter, but it fills the interval
    [InlineData(1.9, 3, "")]
    [InlineData(5, 5, "")]
    [InlineData(6, 5, "")]
    [InlineData(20, 30, "")]
    public void Text_between_two_times_takes_cues_that_are_half_inside_or_fill_half_of_it(double start, double end, string expected)
    {
        var transcript = Transcript.ParseText("WEBVTT\n\n00:05.500 --> 00:08.000\nc\n\n00:00.000 --> 00:02.000\na\n\n00:04.000 --> 00:05.500\nb\n");

        Assert.Equal(expected, transcript.TextBetween(start, end));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Any_line_ending_and_a_byte_order_mark_are_read(string newline)
    {
        var text = "\uFEFF" + string.Join(newline, "WEBVTT", "", "00:01.000 --> 00:02.000", "ünïcode", "");

        Assert.Equal([new Cue(1, 2, "ünïcode")], Transcript.ParseText(text).Cues);
        Assert.Empty(Transcript.ParseText(text).Warnings);
    }

    [Fact]
    public void Random_documents_never_throw_and_cues_stay_sane()
    {
        string[] pieces = ["WEBVTT", "\n", "\n\n", "\r\n\r\n", "-->", " --> ", "00:01.000", "00:00:02.000", "99:99.999", "<", ">", "<c>", "&", "&#x41;", "&#0;", "\0", "NOTE", "STYLE", "\ud800", "word ", "\uFEFF", "<00:00:01.000>"];
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));

            var transcript = Transcript.ParseText(text);

            Assert.All(transcript.Cues, cue =>
            {
                Assert.True(cue.EndSeconds > cue.StartSeconds && cue.StartSeconds >= 0);
                Assert.Equal(cue.Text.Trim(), cue.Text);
                Assert.NotEmpty(cue.Text);
                Assert.DoesNotContain(cue.Text, char.IsControl);
            });
        }
    }

    [Fact]
    public void Cues_that_were_written_are_read_back()
    {
        var property = FsCheck.Fluent.Prop.ForAll<(ushort Start, byte Length, byte Word)[]>(items =>
        {
            var expected = items.Select(i => new Cue(i.Start / 1000.0, (i.Start + i.Length + 1) / 1000.0, $"w{i.Word}")).OrderBy(cue => cue.StartSeconds).ToList();
            var text = "WEBVTT\n\n" + string.Concat(expected.Select(cue => $"{Time(cue.StartSeconds)} --> {Time(cue.EndSeconds)}\n{cue.Text}\n\n"));
            return Transcript.ParseText(text).Cues.SequenceEqual(expected);
        });

        FsCheck.Check.QuickThrowOnFailure(property);

        static string Time(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_file_with_broken_bytes_keeps_its_good_cues()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.en.vtt", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nfoo "), 0xC3, 0x28, 0xFF, .. "\r\n"u8]);

        Assert.StartsWith("foo \uFFFD(", Assert.Single(Transcript.Parse(path).Cues).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_longer_than_the_bound_is_read_up_to_it_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nkept\n\nNOTE\n"u8.ToArray());
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(Transcript.MaxBytes + 1);
        }

        var transcript = Transcript.Parse(path);

        Assert.Equal([new Cue(1, 2, "kept")], transcript.Cues);
        Assert.Contains(transcript.Warnings, warning => warning.Contains("32 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_is_an_empty_transcript_with_a_warning()
    {
        using var folder = new TemporaryFolder();

        var transcript = Transcript.Parse(Path.Combine(folder.Root, "none.vtt"));

        Assert.Empty(transcript.Cues);
        Assert.Contains("could not be read", Assert.Single(transcript.Warnings), StringComparison.Ordinal);
    }
}

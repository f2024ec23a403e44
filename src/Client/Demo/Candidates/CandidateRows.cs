using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>Writes generated rows, about 600 bytes each, with fields as yt-dlp names and orders them. A row depends on the recipe and its number alone.</summary>
internal sealed class CandidateRows
{
    /// <summary>Bytes of a row at the most.</summary>
    public const int MaxRowBytes = 16 * 1024;

    private const int ChannelsPerName = 64;

    private readonly CandidateRecipe _recipe;
    private readonly PhraseBook _book = PhraseBook.Standard;
    private readonly Language[] _languages;
    private readonly Language _medical;
    private readonly Language _hard;
    private readonly Phrase[] _emoji;
    private readonly Phrase[] _channels;
    private readonly Phrase[] _medicalChannels;
    private readonly Phrase[] _tags;
    private readonly Phrase[] _categories;

    public CandidateRows(CandidateRecipe recipe)
    {
        _recipe = recipe;
        var english = new Language(_book.Phrases("title en"), _book.Phrases("text en"));
        // Two rows of three are English.
        var others = _book.OtherLanguages.Select(name => new Language(_book.Phrases("title " + name), _book.Phrases("text " + name))).ToList();
        _languages = [.. others, .. Enumerable.Repeat(english, others.Count * 2)];
        _medical = new Language([.. _book.Filled("medical title", recipe.Terms)], [.. _book.Filled("medical text", recipe.Terms)]);
        _hard = new Language([.. _book.Filled("hard negative title", recipe.HardNegatives)], english.Texts);
        _emoji = _book.Phrases("emoji");
        _channels = _book.Phrases("channel");
        _medicalChannels = _book.Phrases("medical channel");
        _tags = _book.Phrases("tag");
        _categories = _book.Phrases("category");
    }

    /// <summary>Appends row <paramref name="number"/> with its line end.</summary>
    public void Write(long number, RowBuffer row)
    {
        var random = new SplitMix64(_recipe.Seed ^ ((ulong)number * 0xD1342543DE82EF95));
        var kind = Unit(random);
        var isMedical = kind < _recipe.MedicalShare;
        var isHard = !isMedical && kind < _recipe.MedicalShare + _recipe.HardNegativeShare;
        var language = isMedical ? _medical : isHard ? _hard : Pick(_languages, random);
        var ascii = Unit(random) < _recipe.EscapedShare;
        var id = random.Next();
        row.Add("{\"id\": \""u8);
        row.AddId(id, 11);
        row.Add("\", \"title\": \""u8);
        Title(language, random, ascii, row);
        row.Add("\", \"thumbnail\": \"https://i.ytimg.com/vi/"u8);
        row.AddId(id, 11);
        row.Add("/hq720.jpg\", \"description\": \""u8);
        Description(language, random, ascii, row);
        var channels = isMedical ? _medicalChannels : _channels;
        var channel = random.NextBelow(channels.Length * ChannelsPerName);
        Channel(channels[channel % channels.Length], (ulong)channel + (isMedical ? 1UL << 40 : 0), ascii, row);
        row.Add(", \"duration\": "u8);
        row.Add(15 + random.NextBelow(4000));
        row.Add(", \"view_count\": "u8);
        row.Add(random.NextBelow(2_000_000));
        row.Add(", \"age_limit\": 0, \"webpage_url\": \"https://www.youtube.com/watch?v="u8);
        row.AddId(id, 11);
        row.Add("\", \"categories\": [\""u8);
        row.Add(Pick(_categories, random).In(ascii));
        row.Add("\"], \"tags\": ["u8);
        Tags(random, ascii, row);
        row.Add("], \"live_status\": \"not_live\", \"upload_date\": \"20"u8);
        row.Add(((10 + random.NextBelow(14)) * 10_000) + ((1 + random.NextBelow(12)) * 100) + 1 + random.NextBelow(28));
        row.Add("\", \"license\": null"u8);
        if (_recipe.WithLabels)
        {
            row.Add(isMedical ? ", \"label\": \"medical\""u8 : ", \"label\": \"non-medical\""u8);
        }

        row.Add("}\n"u8);
    }

    private void Title(Language language, SplitMix64 random, bool ascii, RowBuffer row)
    {
        row.Add(Pick(language.Titles, random).In(ascii));
        switch (random.NextBelow(8))
        {
            case 0:
                row.Add(" "u8);
                row.Add(Pick(_emoji, random).In(ascii));
                break;
            case 1:
                row.Add(" #"u8);
                row.Add(random.NextBelow(200));
                break;
            case 2 or 3:
                row.Add(" | "u8);
                row.Add(Pick(Pick(_languages, random).Titles, random).In(ascii));
                break;
        }
    }

    private void Description(Language language, SplitMix64 random, bool ascii, RowBuffer row)
    {
        for (var left = random.NextBelow(6); left > 0; left--)
        {
            row.Add(Pick(language.Texts, random).In(ascii));
            row.Add(random.NextBelow(3) == 0 ? "\\n"u8 : " "u8);
        }

        if (random.NextBelow(3) == 0)
        {
            row.Add("\\n\\nhttps://youtu.be/"u8);
            row.AddId(random.Next(), 11);
            row.Add("\\n#shorts #video"u8);
        }
    }

    private static void Channel(Phrase name, ulong number, bool ascii, RowBuffer row)
    {
        var id = new SplitMix64(number).Next();
        row.Add("\", \"channel_id\": \"UC"u8);
        row.AddId(id, 22);
        row.Add("\", \"channel_url\": \"https://www.youtube.com/channel/UC"u8);
        row.AddId(id, 22);
        row.Add("\", \"channel\": \""u8);
        row.Add(name.In(ascii));
        row.Add(" "u8);
        row.Add((int)(number % 1000));
        row.Add("\", \"uploader\": \""u8);
        row.Add(name.In(ascii));
        row.Add("\""u8);
    }

    private void Tags(SplitMix64 random, bool ascii, RowBuffer row)
    {
        for (var left = random.NextBelow(5); left > 0; left--)
        {
            row.Add("\""u8);
            row.Add(Pick(_tags, random).In(ascii));
            row.Add(left > 1 ? "\", "u8 : "\""u8);
        }
    }

    private static T Pick<T>(T[] items, SplitMix64 random) => items[random.NextBelow(items.Length)];

    private static double Unit(SplitMix64 random) => (random.Next() >> 11) * (1.0 / (1UL << 53));

    private sealed record Language(Phrase[] Titles, Phrase[] Texts);
}

using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;
using MedGenCluster.Curation.Tests.Lifecycle;

namespace MedGenCluster.Curation.Tests.Screening;

/// <summary>The quick reader takes no row that the library's reader refuses, and finds the same fields.</summary>
public sealed class JsonRowReaderTests
{
    private static readonly string[] Seeds =
    [
        """{"id": "abc", "title": "A title", "description": "two\nlines \"x\" caf\u00e9 \ud83d\ude02", "tags": ["a", "b c"], "duration": 61, "license": null, "is_live": false, "was": true}""",
        """{"id":"abc","title":"A title","description":"","tags":[],"duration":6.5,"view_count":0,"age":-3}""",
        """{"id":"q","tags":[1,"x",null],"title":"nested","extra":{"title":"inner","tags":["y"]},"list":[[1],[{"a":2}]],"url":"https://v.example/\\/"}""",
        """{"title": "same", "title": "twice", "id": "1", "t\u0069tle": "thrice"}""",
        """{"id": "long", "description": "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua \\ end"}""",
    ];

    private static readonly byte[] Edits = [.. "\"\\{}[]:, \t\n0123.eE+-nulltruefalse\u0001/u"u8, 0xC3, 0xA9];

    private static readonly WordFilter Filter = new([new Pattern(Encoding.UTF8.GetBytes("title"), new("title", "c"))]);

    [Fact]
    public void It_agrees_with_the_library_on_rows_with_edits()
    {
        var edits = Gen.Choose(0, 199).Zip(Gen.Elements(Edits)).Zip(Gen.Choose(0, 2));
        var fields = new RowFields(null);
        var taken = 0;
        LifeGenerators.Holds(Gen.Elements(Seeds).Zip(edits.ListOf(2)), both =>
        {
            var row = Edited(Encoding.UTF8.GetBytes(both.Item1), both.Item2.Select(edit => (edit.Item1.Item1, edit.Item1.Item2, edit.Item2)));
            // A row before teaches it what rows look like.
            var reader = new JsonRowReader(fields, Filter);
            Read(reader, Encoding.UTF8.GetBytes(both.Item1));

            var end = Read(reader, row);
            if (end != row.Length)
            {
                return true;
            }

            taken++;
            var quick = Slices(fields);
            Assert.True(IsObject(row), Encoding.UTF8.GetString(row));
            Assert.True(JsonRowParser.Read(row, 0, row.Length, fields));
            Assert.Equal(Slices(fields), quick);
            return true;
        }, tests: 5000);

        Assert.InRange(taken, 300, 4000);
    }

    [Fact]
    public void It_takes_rows_as_programs_write_them()
    {
        Assert.Equal(
            [Seeds[0].Length, -1, -1, -1, Seeds[4].Length],
            Seeds.Select(seed => Read(new JsonRowReader(new RowFields(null), Filter), Encoding.UTF8.GetBytes(seed))));
    }

    [Fact]
    public void A_text_that_never_closes_is_left_to_the_library_whatever_lies_behind_it()
    {
        foreach (var behind in new byte[] { 0, (byte)'a', (byte)'"', (byte)'\\', (byte)']', 0xC3, 0xF0 })
        {
            foreach (var lead in Enumerable.Range(0, 70))
            {
                foreach (var row in new[] { "{\"title\": \"" + new string('x', lead) + "é", "{\"tags\": [\"a\", \"" + new string('x', lead), "{\"id\": \"" + new string('x', lead), "{\"tags\": [" })
                {
                    var bytes = Encoding.UTF8.GetBytes(row);
                    byte[] padded = [.. bytes, .. Enumerable.Repeat(behind, WordFilter.Padding)];

                    Assert.Equal(-1, new JsonRowReader(new RowFields(null), Filter).TryRead(padded, 0, bytes.Length));
                }
            }
        }
    }

    [Fact]
    public void The_parser_judges_what_the_library_judges()
    {
        var edits = Gen.Choose(0, 199).Zip(Gen.Elements(Edits)).Zip(Gen.Choose(0, 2));
        var fields = new RowFields(null);
        LifeGenerators.Holds(Gen.Elements(Seeds).Zip(edits.ListOf(1)), both =>
        {
            var row = Edited(Encoding.UTF8.GetBytes(both.Item1), both.Item2.Select(edit => (edit.Item1.Item1, edit.Item1.Item2, edit.Item2)));
            return JsonRowParser.Read(row, 0, row.Length, fields) == IsObject(row);
        }, tests: 1000);
    }

    private static int Read(JsonRowReader reader, byte[] row) => reader.TryRead([.. row, .. new byte[WordFilter.Padding]], 0, row.Length);

    private static string Slices(RowFields fields) => string.Join(' ', Enumerable.Range(0, Columns.Count).Select(column => fields[(Column)column]).Select(slice => (slice.Kind, slice.Start, slice.Length, slice.Encoding)));

    private static bool IsObject(byte[] row)
    {
        try
        {
            using var document = JsonDocument.Parse(row);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Replaces, inserts or removes bytes.</summary>
    private static byte[] Edited(byte[] row, IEnumerable<(int At, byte Value, int Kind)> edits)
    {
        var bytes = row.ToList();
        foreach (var (at, value, kind) in edits.Where(edit => edit.At < bytes.Count))
        {
            switch (kind)
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                default:
                    bytes.RemoveAt(at);
                    break;
            }
        }

        return [.. bytes];
    }
}

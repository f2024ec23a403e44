using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Tests.Screening;

/// <summary>Candidates of several files and formats with hits, duplicates, labels, channels and trouble, the same ones every time.</summary>
internal static class MixedCandidates
{
    private static readonly string[] Titles =
        ["cats", "Aorta", "heart surgery game", "the heart-surgery", "endoscopy game game", "weather", "endoscopy of the aorta", "cooking", "p=0.50 aorta", "music \\u266b"];

    public static void Write(ScreeningBench bench, int rows)
    {
        var text = Encoding.UTF8.GetBytes(Json(0, rows));
        bench.Write("1.ndjson", text);
        bench.Write("2.csv", Encoding.UTF8.GetBytes(Csv(rows, rows / 2)));
        var packed = ScreeningBench.Gzip(Encoding.UTF8.GetBytes(Json(rows * 2, rows)));
        bench.Write("3/a.jsonl.gz", packed);
        bench.Write("3/b.jsonl.gz", packed[..^(packed.Length / 3)]);
    }

    private static string Json(int from, int count)
    {
        var text = new StringBuilder();
        for (var i = from; i < from + count; i++)
        {
            var title = Titles[i * 7 % Titles.Length];
            text.Append(i % 97 == 13 ? "{\"id\":" : string.Create(CultureInfo.InvariantCulture,
                $$"""{"id":"v{{(i % 31 == 5 ? i - 10 : i)}}","title":"{{title}} {{i}}","channel_id":"c{{i * 11 % 23}}","label":"{{(title.Contains("game") || i % 5 == 0 ? "non-medical" : "medical")}}"}""")).Append('\n');
        }

        return text.ToString();
    }

    private static string Csv(int from, int count)
    {
        var text = new StringBuilder("id,title,channel,label\n");
        for (var i = from; i < from + count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"v{i},\"{Titles[i * 3 % 8]},\n{i}\",name {i % 5},{i % 2}\n");
        }

        return text.ToString();
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Engine.Screening;
using MedGenCluster.Engine.Screening.Results;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Screening;

/// <summary>A folder with candidates and one with results, and words for screening the one into the other.</summary>
internal sealed class ScreeningBench : IDisposable
{
    public static readonly KeywordMatcher Matcher = new(new KeywordDictionary(
        [new KeywordTerm("heart surgery", "procedures"), new KeywordTerm("endoscopy", "imaging"), new KeywordTerm("aorta", "anatomy")],
        [new ExcludedPhrase("virtual endoscopy game", "a game")]));

    private readonly TemporaryFolder _folder = new();

    public FakeClassifier Classifier { get; set; } = new();

    public string Inputs => Directory.CreateDirectory(_folder["in"]).FullName;

    public ScreeningFolder Results => new(_folder["out"]);

    public ScreeningOptions Options => new() { OutputFolder = Results.Root, Threads = 2 };

    /// <summary>A JSON row.</summary>
    public static string Row(string id, string title, string channel = "", string more = "") =>
        $$"""{"id":"{{id}}","title":"{{title}}"{{(channel.Length > 0 ? $",\"channel_id\":\"{channel}\"" : "")}}{{more}}}""";

    public string Write(string name, params string[] lines) => Write(name, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Inputs, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public Task<ScreeningOutcome> RunAsync(ScreeningOptions? options = null, params string[] inputs) =>
        new ScreeningRun(Matcher, () => Classifier, options ?? Options).RunAsync(inputs.Length > 0 ? inputs : [Inputs], CancellationToken.None).Soon();

    /// <summary>Screens the folder of candidates to its end.</summary>
    public async Task<ScreeningReport> CompleteAsync(ScreeningOptions? options = null) =>
        Assert.IsType<ScreeningOutcome.Completed>(await RunAsync(options)).Report;

    public List<JsonElement> Survivors() => Lines(Results.Survivors);

    public IEnumerable<string?> SurvivingIds() => Survivors().Select(row => row.GetProperty("id").GetString());

    public List<JsonElement> Channels() => Lines(Results.Channels);

    public static List<JsonElement> Lines(string path) => [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>All results by name, byte for byte.</summary>
    public Dictionary<string, string> Bytes() => Bytes(Results.Root);

    public static Dictionary<string, string> Bytes(string folder) => Directory.EnumerateFiles(folder)
        .Where(path => Path.GetFileName(path) is not (".lock" or "checkpoint.json"))
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));

    public void Dispose() => _folder.Dispose();
}

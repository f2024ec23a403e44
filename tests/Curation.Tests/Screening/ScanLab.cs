using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Tests.Screening;

/// <summary>Reads texts as files are read, and keeps what is reported.</summary>
internal sealed class ScanLab : ICandidateSink
{
    public static readonly KeywordDictionary Dictionary = new(
        [
            new("heart failure", "conditions"), new("heart", "anatomy"), new("x-ray", "imaging"), new("ct scan", "imaging"), new("Crohn's disease", "conditions"),
            new("oedema", "conditions"), new("appendectomy", "procedures"), new("operación de corazón", "procedures"), new("心脏", "anatomy"),
        ],
        [new("heart of gold", "songs"), new("broken heart", "feelings")]);

    public static readonly KeywordMatcher Matcher = new(Dictionary);

    public List<(long Line, CandidateRow Row, string Terms, string Raw)> Hits { get; } = [];

    public List<(RowTrouble Trouble, long Line)> Troubles { get; } = [];

    public List<(long Line, string Id, string Channel, string Label, bool IsHit)> Rows { get; } = [];

    public long Count { get; private set; }

    public static ScanLab Read(string text, CandidateFormat format = CandidateFormat.Ndjson, CandidateScannerOptions? options = null) =>
        Read(Encoding.UTF8.GetBytes(text), new CandidateBlockOptions { Format = format }, options);

    public static ScanLab Read(byte[] bytes, CandidateBlockOptions? blocks = null, CandidateScannerOptions? options = null)
    {
        using var reader = CandidateBlocks.Of(new MemoryStream(bytes), blocks);
        return Read(reader, options);
    }

    public static ScanLab Read(CandidateBlocks reader, CandidateScannerOptions? options = null)
    {
        var lab = new ScanLab();
        var scanner = new CandidateScanner(Matcher, options);
        while (reader.Read() is { } block)
        {
            lab.Count += scanner.Scan(block, lab);
            block.Dispose();
        }

        return lab;
    }

    public void Hit(in CandidateHit hit) =>
        Hits.Add((hit.Line, hit.Row, string.Join(' ', hit.Terms.Select(term => $"{term.Field}:{term.Term}")), Encoding.UTF8.GetString(hit.Raw)));

    public void Trouble(RowTrouble trouble, long line) => Troubles.Add((trouble, line));

    public void Keys(in CandidateKeys keys) =>
        Rows.Add((keys.Line, Encoding.UTF8.GetString(keys.Id), Encoding.UTF8.GetString(keys.Channel), Encoding.UTF8.GetString(keys.Label), keys.IsHit));
}

using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Engine.Tests.Screening;

/// <summary>Finds a text the less medical the more often it says "game"; a number after "p=" is the probability itself.</summary>
internal sealed class FakeClassifier(string version = "fake-1") : ITextClassifier
{
    private int _texts;

    public string Version => version;

    public bool IsDemo => true;

    /// <summary>Texts that were scored.</summary>
    public int Texts => _texts;

    public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _texts, texts.Count);
        await Task.Yield();
        return [.. texts.Select(Score)];
    }

    private static double Score(string text) =>
        text.IndexOf("p=", StringComparison.Ordinal) is >= 0 and var at
            ? double.Parse(text.AsSpan(at + 2, 4), System.Globalization.CultureInfo.InvariantCulture)
            : 0.9 / (1 + text.Split("game").Length - 1);
}

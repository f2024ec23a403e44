using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Engine.Tests.Screening;

/// <summary>Stops the run after some calls.</summary>
internal sealed class StoppingClassifier(FakeClassifier inner, CancellationTokenSource stop, int after) : ITextClassifier
{
    private int _calls;

    public string Version => inner.Version;

    public bool IsDemo => inner.IsDemo;

    public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _calls) > after)
        {
            await stop.CancelAsync();
        }

        return await inner.ScoreAsync(texts, cancellationToken);
    }
}

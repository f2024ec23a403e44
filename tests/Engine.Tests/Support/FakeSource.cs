using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A source that yields what it is given and throws what it meets.</summary>
/// <param name="begin">Nothing is listed before it.</param>
internal sealed class FakeSource(IEnumerable<SourceItem> items, Exception? end = null, Task? begin = null) : IVideoSource
{
    /// <summary>How many items were asked for.</summary>
    public int Listed { get; private set; }

    public static FakeSource Of(int videos, int from = 0) => new(Enumerable.Range(from, videos).Select(i => new SourceItem.Found(LedgerBench.Video(i))));

    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        await (begin ?? Task.CompletedTask).WaitAsync(cancellationToken);
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Listed++;
            yield return item;
        }

        if (end is not null)
        {
            throw end;
        }
    }
}

namespace MedGenCluster.Grains.Contracts;

/// <param name="Wait">Zero: one request may be sent now, and is spent. Else: ask again after this.</param>
/// <param name="Rest">How long the host rests because it asked for it.</param>
[GenerateSerializer, Immutable, Alias("medgen.budget-answer")]
public readonly record struct BudgetAnswer([property: Id(0)] TimeSpan Wait, [property: Id(1)] TimeSpan Rest);

/// <summary>The rate at which one network host is asked, for the whole cluster. Key: the host's name.</summary>
[Alias("medgen.source-budget"), Version(1)]
public interface ISourceBudgetGrain : IGrainWithStringKey
{
    /// <summary>Asks for one request. Never waits: the answer says when to ask again.</summary>
    [Alias("acquire")]
    ValueTask<BudgetAnswer> AcquireAsync(CancellationToken cancellationToken);

    /// <summary>Tells what the host answered.</summary>
    [Alias("report"), OneWay]
    Task ReportAsync(bool throttled, TimeSpan? retryAfter);
}

using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Prompts;

namespace MedGenCluster.Engine.Generation;

/// <summary>What is remembered of batch generations. Every method is durable when its task completes.</summary>
public interface IGenerationLedger
{
    /// <summary>Remembers a job with all its items, or finds the one with the same key: a cancelled one runs again, a completed one stays as it is.</summary>
    Task<GenerationRow> CreateGenerationAsync(GenerationPlan plan);

    /// <summary>All batch generations, newest first.</summary>
    Task<IReadOnlyList<GenerationRow>> GenerationsAsync();

    Task<GenerationRow?> GenerationAsync(long job);

    /// <summary>By position.</summary>
    Task<IReadOnlyList<Prompt>> GenerationPromptsAsync(long job);

    /// <summary>Ascending by number.</summary>
    Task<IReadOnlyList<GenerationItemRow>> GenerationItemsAsync(GenerationItemQuery query);

    Task<GenerationItemRow?> GenerationItemAsync(long item);

    /// <summary>Hands out up to <paramref name="max"/> items that are due until the lease ends: a model's items together, jobs in their order.</summary>
    /// <param name="job">One job; null for every running one.</param>
    Task<GenerationLeases> LeaseGenerationsAsync(long? job, int max, string owner, TimeSpan lease);

    /// <summary>Extends leases that are still held.</summary>
    /// <returns>How many are.</returns>
    Task<int> RenewGenerationsAsync(IReadOnlyList<long> items, string owner, TimeSpan lease);

    /// <summary>Gives items back unworked.</summary>
    Task ReleaseGenerationsAsync(IReadOnlyList<long> items, string owner);

    /// <summary>Remembers how an attempt ended, with the job's counts, in one transaction.</summary>
    /// <returns>False where the lease was lost, or the item had ended already: nothing was remembered.</returns>
    Task<bool> CompleteGenerationAsync(long item, string owner, GenerationOutcome outcome, RetryPolicy retry);

    /// <summary>Who holds leases.</summary>
    Task<IReadOnlyList<string>> GenerationOwnersAsync();

    /// <summary>Frees what owners hold that live no more; each item has a strike then.</summary>
    /// <returns>How many were freed.</returns>
    Task<int> ReclaimGenerationsAsync(IReadOnlyList<string> dead);

    /// <summary>Stops a running job; what is done stays.</summary>
    /// <returns>False where it was not running.</returns>
    Task<bool> CancelGenerationAsync(long job);

    /// <summary>Gives the failed items of a job another try, and takes a cancelled job up again.</summary>
    /// <returns>How many items are tried again.</returns>
    Task<int> RetryGenerationAsync(long job);
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;

namespace MedGenCluster.Engine.Tests.Generation;

/// <summary>Words for what tests do to batch generations.</summary>
internal static class GenerationBench
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static GenerationPlan Plan(int prompts = 3, int perPrompt = 2, string fingerprint = "f0", string name = "batch", int models = 1) => new(
        name,
        [.. Enumerable.Range(0, prompts).Select(i => new Prompt($"p{i}", $"prompt {i}", null, i + 1))],
        new GenerationSettings([.. Enumerable.Range(0, models).Select(i => new GenerationModel($"/models/m{i}", null, fingerprint + i))], perPrompt, 7, new SamplingOptions(4), prompts));

    public static GenerationOutcome.Done Done(long item) => new(new MediaRef(item.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), 100 + item), "{}", 2.5);

    public static async Task<IReadOnlyList<LeasedGeneration>> TakeAsync(this IGenerationLedger ledger, int max = 100, string owner = "me", long? job = null) =>
        (await ledger.LeaseGenerationsAsync(job, max, owner, Lease)).Items;

    public static Task<bool> DoneAsync(this IGenerationLedger ledger, LeasedGeneration item, string owner = "me") =>
        ledger.CompleteGenerationAsync(item.Item.Seq, owner, Done(item.Item.Seq), RetryPolicy.Default);

    public static Task<bool> FailedAsync(this IGenerationLedger ledger, LeasedGeneration item, bool retryable = true, string owner = "me") =>
        ledger.CompleteGenerationAsync(item.Item.Seq, owner, new GenerationOutcome.Failed("the sampler died", retryable), RetryPolicy.Default);
}

using MedGenCluster.Client.Views;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Workplaces;

/// <content>Batch generations and training runs.</content>
internal partial interface IWorkplace
{
    /// <summary>Submits a batch generation; the same one again goes on.</summary>
    Task<GenerationView> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<GenerationView>> GenerationsAsync(CancellationToken cancellationToken);

    /// <summary>By model, prompt and seed; videos as a path or an address where they can be had.</summary>
    /// <param name="state"><c>pending</c>, <c>leased</c>, <c>done</c> or <c>failed</c>; null for any.</param>
    IAsyncEnumerable<GenerationItemView> GenerationItemsAsync(long id, string? state, CancellationToken cancellationToken);

    /// <param name="change"><c>cancel</c> or <c>retry</c>.</param>
    Task<GenerationView> ChangeGenerationAsync(long id, string change, CancellationToken cancellationToken);

    /// <summary>Works on a batch generation until it ends: in this process, or by watching the host that does.</summary>
    Task<GenerationView> WorkOnGenerationAsync(long id, ProgressLine progress, CancellationToken cancellationToken);

    Task<TrainingView> TrainAsync(TrainingRequest request, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<TrainingView>> TrainingsAsync(CancellationToken cancellationToken);

    Task<TrainingDetail> TrainingAsync(long id, CancellationToken cancellationToken);

    /// <param name="change"><c>cancel</c> or <c>resume</c>.</param>
    Task<TrainingView> ChangeTrainingAsync(long id, string change, CancellationToken cancellationToken);

    /// <summary>Works on a training run until it ends: in this process, or by watching the host that does.</summary>
    Task<TrainingView> WorkOnTrainingAsync(long id, ProgressLine progress, CancellationToken cancellationToken);
}

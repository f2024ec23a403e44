using System.Runtime.CompilerServices;
using MedGenCluster.Client.Commands;
using MedGenCluster.Client.Views;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Client.Workplaces;

internal sealed partial class RemoteWorkplace
{
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(500);

    public Task<GenerationView> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) => host.SendAsync<GenerationView>(HttpMethod.Post, "api/generations", request, cancellationToken);

    public async Task<IReadOnlyList<GenerationView>> GenerationsAsync(CancellationToken cancellationToken) => await host.GetAsync<List<GenerationView>>("api/generations", cancellationToken);

    public async IAsyncEnumerable<GenerationItemView> GenerationItemsAsync(long id, string? state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? after = 0; after is not null;)
        {
            var page = await host.GetAsync<GenerationItemPage>($"api/generations/{id}/items" + Query(("state", state), ("after", after), ("limit", PageSize)), cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item with { Video = Address(item.Video) };
            }

            after = page.Next;
        }
    }

    public Task<GenerationView> ChangeGenerationAsync(long id, string change, CancellationToken cancellationToken) =>
        host.SendAsync<GenerationView>(HttpMethod.Post, $"api/generations/{id}/{change}", null, cancellationToken);

    public async Task<GenerationView> WorkOnGenerationAsync(long id, ProgressLine progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            var job = await host.GetAsync<GenerationView>($"api/generations/{id}", cancellationToken);
            progress.Show(GenerationsCommand.Words(job));
            if (job.State != "running")
            {
                progress.End();
                return job;
            }

            await Task.Delay(LookPause, cancellationToken);
        }
    }

    public Task<TrainingView> TrainAsync(TrainingRequest request, CancellationToken cancellationToken) => host.SendAsync<TrainingView>(HttpMethod.Post, "api/trainings", request, cancellationToken);

    public async Task<IReadOnlyList<TrainingView>> TrainingsAsync(CancellationToken cancellationToken) => await host.GetAsync<List<TrainingView>>("api/trainings", cancellationToken);

    public async Task<TrainingDetail> TrainingAsync(long id, CancellationToken cancellationToken)
    {
        var detail = await host.GetAsync<TrainingDetail>($"api/trainings/{id}", cancellationToken);
        return detail with { Clips = [.. detail.Clips.Select(clip => clip with { Video = Address(clip.Video)! })] };
    }

    public Task<TrainingView> ChangeTrainingAsync(long id, string change, CancellationToken cancellationToken) =>
        host.SendAsync<TrainingView>(HttpMethod.Post, $"api/trainings/{id}/{change}", null, cancellationToken);

    public async Task<TrainingView> WorkOnTrainingAsync(long id, ProgressLine progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Steps beyond all: the curve itself is not wanted here.
            var run = (await host.GetAsync<TrainingDetail>($"api/trainings/{id}?after={long.MaxValue}", cancellationToken)).Run;
            progress.Show(TrainingsCommand.Words(run));
            if (run.Phase is "completed" or "cancelled" or "failed")
            {
                progress.End();
                return run;
            }

            await Task.Delay(LookPause, cancellationToken);
        }
    }

    private string? Address(string? path) => path is null ? null : new Uri(host.Address, path.TrimStart('/')).AbsoluteUri;
}

using System.Runtime.CompilerServices;
using MedGenCluster.Client.Commands;
using MedGenCluster.Client.Views;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.TextToVideo;

namespace MedGenCluster.Client.Workplaces;

internal sealed partial class LocalWorkplace
{
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(500);

    private IGenerationLedger Generations => host.TextToVideo.Generations;

    private ITrainingLedger Trainings => host.TextToVideo.Trainings;

    public async Task<GenerationView> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var (job, errors) = await new TextToVideoRequests(host.TextToVideo).SubmitAsync(request);
        return job ?? throw new WorkplaceException(string.Join(" ", errors));
    }

    public async Task<IReadOnlyList<GenerationView>> GenerationsAsync(CancellationToken cancellationToken) => [.. (await Generations.GenerationsAsync()).Select(TextToVideoViews.Of)];

    public async IAsyncEnumerable<GenerationItemView> GenerationItemsAsync(long id, string? state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = await GenerationAsync(id);
        var prompts = await Generations.GenerationPromptsAsync(id);
        GenerationItemState? wanted = state is null ? null : Enum.Parse<GenerationItemState>(state, ignoreCase: true);
        for (var after = 0L; ;)
        {
            var page = await Generations.GenerationItemsAsync(new GenerationItemQuery(id, wanted, After: after, Limit: Chunk));
            foreach (var item in page)
            {
                var view = TextToVideoViews.Of(item, job, prompts);
                yield return item.Media is { } media ? view with { Video = await host.Media.OpenLocalAsync(media, cancellationToken) } : view;
            }

            if (page.Count < Chunk)
            {
                yield break;
            }

            after = page[^1].Seq;
        }
    }

    public async Task<GenerationView> ChangeGenerationAsync(long id, string change, CancellationToken cancellationToken)
    {
        await GenerationAsync(id);
        if (change == "retry")
        {
            await Generations.RetryGenerationAsync(id);
        }
        else if (!await Generations.CancelGenerationAsync(id))
        {
            throw new WorkplaceException($"generation {id} is not running.");
        }

        host.WakeOthers();
        return TextToVideoViews.Of(await GenerationAsync(id));
    }

    public async Task<GenerationView> WorkOnGenerationAsync(long id, ProgressLine progress, CancellationToken cancellationToken)
    {
        // Who has the directory's lock may also work on it: leases keep the two apart.
        await using var worker = host.TextToVideo.CreateGenerationWorker();
        await FollowAsync(
            worker.RunAsync(id, untilIdle: true, cancellationToken), async () => GenerationsCommand.Words(TextToVideoViews.Of(await GenerationAsync(id))), progress);
        return TextToVideoViews.Of(await GenerationAsync(id));
    }

    public async Task<TrainingView> TrainAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        var (run, errors) = await new TextToVideoRequests(host.TextToVideo).SubmitAsync(request);
        return run ?? throw new WorkplaceException(string.Join(" ", errors));
    }

    public async Task<IReadOnlyList<TrainingView>> TrainingsAsync(CancellationToken cancellationToken) => [.. (await Trainings.TrainingsAsync()).Select(TextToVideoViews.Of)];

    public async Task<TrainingDetail> TrainingAsync(long id, CancellationToken cancellationToken)
    {
        var detail = await TextToVideoViews.DetailAsync(Trainings, id, 0) ?? throw NoTraining(id);
        var clips = await Trainings.TrainingClipsAsync(id);
        return detail with { Clips = await Task.WhenAll(detail.Clips.Zip(clips, async (view, clip) => view with { Video = await host.Media.OpenLocalAsync(clip.Media, cancellationToken) })) };
    }

    public async Task<TrainingView> ChangeTrainingAsync(long id, string change, CancellationToken cancellationToken)
    {
        TrainingEvent happened = change == "resume" ? new TrainingEvent.ResumeRequested() : new TrainingEvent.CancelRequested();
        if (!await Trainings.ChangeTrainingAsync(id, happened))
        {
            throw new WorkplaceException($"training {id} has ended already.");
        }

        host.WakeOthers();
        return TextToVideoViews.Of((await Trainings.TrainingAsync(id))!);
    }

    public async Task<TrainingView> WorkOnTrainingAsync(long id, ProgressLine progress, CancellationToken cancellationToken)
    {
        var worker = host.TextToVideo.CreateTrainingWorker();
        await FollowAsync(worker.RunAsync(id, untilIdle: true, cancellationToken), async () => TrainingsCommand.Words(TextToVideoViews.Of((await Trainings.TrainingAsync(id))!)), progress);
        return TextToVideoViews.Of((await Trainings.TrainingAsync(id))!);
    }

    private static async Task FollowAsync(Task work, Func<Task<string>> words, ProgressLine progress)
    {
        while (!work.IsCompleted)
        {
            progress.Show(await words());
            await Task.WhenAny(work, Task.Delay(LookPause));
        }

        progress.End();
        await work;
    }

    private async Task<GenerationRow> GenerationAsync(long id) =>
        await Generations.GenerationAsync(id) ?? throw new WorkplaceException($"there is no generation {id}; `medgen generations` lists them.");

    private static WorkplaceException NoTraining(long id) => new($"there is no training {id}; `medgen trainings` lists them.");
}

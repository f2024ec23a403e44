using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.TextToVideo;

/// <summary>Queued generations and trainings as an autoscaler counts them: in seconds of one worker, at the measured rate.</summary>
internal static class QueuedVideos
{
    /// <returns>A line for each kind of which something waits or runs. A job of which nothing is measured yet goes by the rate of all others.</returns>
    public static async Task<IReadOnlyList<ScalingStage>> OfAsync(TextToVideoServices services)
    {
        var stages = new List<ScalingStage>();
        var generations = await services.Generations.GenerationsAsync().ConfigureAwait(false);
        if (generations.Sum(row => row.Open) is > 0 and var open)
        {
            var done = generations.Sum(row => row.Done);
            var ever = done > 0 ? generations.Sum(row => row.BusySeconds) / done : (double?)null;
            var parts = generations.Where(row => row.Open > 0).Select(row => row.Open * (row.Done > 0 ? row.BusySeconds / row.Done : ever)).ToList();
            stages.Add(new ScalingStage("generation", open, ever, parts.TrueForAll(part => part is not null) ? parts.Sum() : null));
        }

        var trainings = (await services.Trainings.TrainingsAsync().ConfigureAwait(false)).Where(row => row.Life.Phase is TrainingPhase.Waiting or TrainingPhase.Running).Select(TextToVideoViews.Of).ToList();
        if (trainings.Count > 0)
        {
            stages.Add(new ScalingStage("training", trainings.Count, null, trainings.TrueForAll(run => run.SecondsLeft is not null) ? trainings.Sum(run => run.SecondsLeft) : null));
        }

        return stages;
    }
}

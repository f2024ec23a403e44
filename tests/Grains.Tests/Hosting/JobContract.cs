using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MedGenCluster.Grains.Tests.Hosting;

/// <summary>Generation jobs and training runs over a restart of the cluster's only silo, wherever the cluster is kept: workers keep what they had, and a reminder sees to what they do not.</summary>
internal static class JobContract
{
    private static readonly GenerationOrder Samples = new(new string('a', 64), 2, "demo", 2, 7, 2);
    private static readonly TrainingOrder Model = new(new string('d', 64), new Dictionary<string, string> { ["lora-rank"] = "32" }, "0.1.0");
    private static readonly CheckpointReference Tenth = new(10, new string('b', 64));

    public static async Task GenerationGoesOnAsync(ClusterSettings settings)
    {
        GenerationWork had;
        await using (var first = await TestSilo.StartAsync(settings with { SiloName = "first" }))
        {
            var job = first.Grains.GetGrain<IGenerationJobGrain>("samples");
            Assert.Equal(CommandAnswer.Done, (await job.StartAsync(Samples, default)).Answer);
            had = (await job.LeaseAsync("a", default))!;
            Assert.True(await job.ReportAsync(new GenerationReport("a", had.Slice, had.Items[0].Number), default));
        }

        await using var second = await TestSilo.StartAsync(settings with { SiloName = "second" });
        var later = second.Grains.GetGrain<IGenerationJobGrain>("samples");
        Assert.Equal(CommandAnswer.NothingToDo, (await later.StartAsync(Samples, default)).Answer);
        Assert.Equal(new GenerationStatus("running", 4, 1, 0, 1, 1), await later.StatusAsync(default));
        Assert.Equal(1, await RemindersAsync(second, later));

        Assert.True(await later.RenewAsync("a", had.Slice, default));
        Assert.True(await later.ReportAsync(new GenerationReport("a", had.Slice, had.Items[1].Number), default));
        var rest = (await later.LeaseAsync("b", default))!;
        Assert.NotEqual(had.Slice, rest.Slice);
        foreach (var item in rest.Items)
        {
            Assert.True(await later.ReportAsync(new GenerationReport("b", rest.Slice, item.Number), default));
        }

        Assert.Equal(new GenerationStatus("completed", 4, 4, 0, 0, 0), await later.StatusAsync(default));
        Assert.Equal(0, await RemindersAsync(second, later));
    }

    public static async Task TrainingGoesOnAsync(ClusterSettings settings)
    {
        await using (var first = await TestSilo.StartAsync(settings with { SiloName = "first" }))
        {
            var run = first.Grains.GetGrain<ITrainingRunGrain>("model");
            Assert.Equal(CommandAnswer.Done, (await run.StartAsync(Model, default)).Answer);
            Assert.Null((await run.ClaimAsync("a", default))!.ResumeFrom);
            Assert.Equal(TrainingAdvice.GoOn, await run.CheckpointAsync("a", Tenth, default));
        }

        await using var second = await TestSilo.StartAsync(settings with { SiloName = "second" });
        var later = second.Grains.GetGrain<ITrainingRunGrain>("model");
        var status = (await later.StatusAsync(default))!;
        Assert.Equal(("running", Tenth, "32"), (status.Phase, status.Checkpoint, status.Order.Arguments["lora-rank"]));
        Assert.Equal(1, await RemindersAsync(second, later));

        Assert.Null(await later.ClaimAsync("b", default));
        Assert.Equal(TrainingAdvice.GoOn, await later.ProgressAsync("a", new TrainingLine(12, 0.5, 2, 1e-4, null), default));
        Assert.True(await later.EndAsync("a", TrainingEnd.Crashed, "out of memory", retryable: true, default));
        Assert.Equal(("waiting", 1, Tenth), (await later.StatusAsync(default)) is { } crashed ? (crashed.Phase, crashed.Attempts, crashed.Checkpoint) : default);
        Assert.Equal(1, await RemindersAsync(second, later));
    }

    private static async Task<int> RemindersAsync(TestSilo silo, IGrain grain) => (await silo.Services.GetRequiredService<IReminderTable>().ReadRows(grain.GetGrainId())).Reminders.Count;
}

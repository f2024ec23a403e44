using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>What is being worked on, while it is.</summary>
public sealed class EngineActivityTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Items_belong_to_their_stage_and_slots_to_their_resource()
    {
        var activity = new EngineActivity(_time);

        var cut = activity.Begin(StageId.Cut, Resource.Cpu, 3);
        using var more = activity.Begin(StageId.Cut, Resource.Cpu, 4);
        using var probe = activity.Begin(StageId.Probe, Resource.Cpu, 1);
        using var caption = activity.Begin(StageId.Caption, Resource.Api, 8);
        Assert.Equal((7, 1, 8, 0), (activity.InFlight(StageId.Cut), activity.InFlight(StageId.Probe), activity.InFlight(StageId.Caption), activity.InFlight(StageId.Joint)));
        Assert.Equal((3, 1, 0), (activity.Busy(Resource.Cpu), activity.Busy(Resource.Api), activity.Busy(Resource.Gpu)));

        cut.Dispose();
        Assert.Equal((4, 2), (activity.InFlight(StageId.Cut), activity.Busy(Resource.Cpu)));
    }

    [Fact]
    public void Slot_seconds_add_up_when_work_ends()
    {
        var activity = new EngineActivity(_time);
        var first = activity.Begin(StageId.Cut, Resource.Cpu, 3);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        var second = activity.Begin(StageId.Probe, Resource.Cpu, 1);
        Assert.Equal(0, activity.BusySeconds(Resource.Cpu));

        _time.Advance(TimeSpan.FromSeconds(1));
        first.Dispose();
        Assert.Equal(2.5, activity.BusySeconds(Resource.Cpu), 1e-9);
        second.Dispose();

        Assert.Equal(3.5, activity.BusySeconds(Resource.Cpu), 1e-9);
        Assert.Equal(0, activity.BusySeconds(Resource.Gpu));
    }

    [Fact]
    public async Task An_engine_that_works_says_on_what_and_one_that_ended_says_nothing()
    {
        await using var bench = new EngineBench();
        var (reached, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        bench.Pipeline.BatchSize = _ => 5;
        bench.Pipeline.Behaviours[StageId.Caption] = async call =>
        {
            if (call.Ids.Count == 5)
            {
                reached.TrySetResult();
            }

            await go.Task;
            return call.Normal();
        };
        await bench.SubmitAsync(videos: 5);
        await using var running = bench.Start(untilIdle: true);
        await reached.Task.Soon();

        Assert.InRange(running.Engine.Activity.InFlight(StageId.Caption), 5, 10);
        Assert.InRange(running.Engine.Activity.Busy(Resource.Api), 1, bench.Options.ApiSlots);
        go.SetResult();
        await running.Work.Soon();

        Assert.All(Enum.GetValues<StageId>(), stage => Assert.Equal(0, running.Engine.Activity.InFlight(stage)));
        Assert.All(Enum.GetValues<Resource>(), resource => Assert.Equal(0, running.Engine.Activity.Busy(resource)));
        Assert.True(running.Engine.Activity.BusySeconds(Resource.Api) > 0);
    }
}

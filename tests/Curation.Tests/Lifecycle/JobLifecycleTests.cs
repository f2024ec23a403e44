using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>The whole decision table of a job, and what follows from it.</summary>
public sealed class JobLifecycleTests
{
    /// <summary>Rows: states. Columns: pause, resume, cancel, settled, reopened, source failed, finish failed. A dot changes nothing; R! also resumes, C! also marks
    /// duplicates.</summary>
    private static readonly (JobState State, string Row)[] Table =
    [
        (JobState.Running, "P  .  X  C! .  F  F"),
        (JobState.Paused, ".  R! X  .  .  .  ."),
        (JobState.Completed, ".  .  .  .  R! .  ."),
        (JobState.Cancelled, ".  R! .  .  R! .  ."),
        (JobState.Failed, ".  R! X  .  R! .  ."),
    ];

    public static TheoryData<JobState, JobEvent, JobState, JobEffect> Cells
    {
        get
        {
            var data = new TheoryData<JobState, JobEvent, JobState, JobEffect>();
            foreach (var (state, row) in Table)
            {
                var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(Enum.GetValues<JobEvent>().Length, cells.Length);
                foreach (var happened in Enum.GetValues<JobEvent>())
                {
                    var (next, effect) = cells[(int)happened] switch
                    {
                        "." => (state, JobEffect.None),
                        "P" => (JobState.Paused, JobEffect.None),
                        "X" => (JobState.Cancelled, JobEffect.None),
                        "F" => (JobState.Failed, JobEffect.None),
                        "R!" => (JobState.Running, JobEffect.Resume),
                        "C!" => (JobState.Completed, JobEffect.MarkDuplicates),
                        var unknown => throw new InvalidOperationException(unknown),
                    };
                    data.Add(state, happened, next, effect);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Follows_its_table(JobState state, JobEvent happened, JobState next, JobEffect effect) =>
        Assert.Equal((next, effect), JobLifecycle.Apply(state, happened));

    [Fact]
    public void The_table_has_every_state() => Assert.Equal(Enum.GetValues<JobState>(), Table.Select(row => row.State));

    [Fact]
    public void An_event_that_comes_twice_has_its_effect_once()
    {
        foreach (var state in Enum.GetValues<JobState>())
        {
            foreach (var happened in Enum.GetValues<JobEvent>())
            {
                var once = JobLifecycle.Apply(state, happened);
                Assert.Equal((once.State, JobEffect.None), JobLifecycle.Apply(once.State, happened));
            }
        }
    }

    [Fact]
    public void A_job_completes_only_from_running() => Assert.Equal(
        [JobState.Running],
        Enum.GetValues<JobState>().Where(state => JobLifecycle.Apply(state, JobEvent.WorkSettled).Effect == JobEffect.MarkDuplicates));

    [Fact]
    public void Stored_numbers_never_change() => Assert.Equal(
        [(JobState.Running, 0), (JobState.Paused, 1), (JobState.Completed, 2), (JobState.Cancelled, 3), (JobState.Failed, 4)],
        Enum.GetValues<JobState>().Select(state => (state, (int)state)));
}

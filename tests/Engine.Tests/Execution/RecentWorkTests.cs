using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Tests.Execution;

public sealed class RecentWorkTests
{
    private const long Now = 1_800_000_000;

    [Fact]
    public void What_several_finish_in_a_second_is_summed_by_stage_and_comes_in_order()
    {
        var work = new RecentWork();
        work.Add(RecentSecond.Of(Now, StageId.Cut, DecisionVerdict.Passed, 0.5));
        work.Add(RecentSecond.Of(Now, StageId.Cut, DecisionVerdict.Rejected, 0.25));
        work.Add(RecentSecond.Of(Now, StageId.Fetch, DecisionVerdict.Failed, 1));
        work.Add(RecentSecond.Of(Now - 3, StageId.Cut, DecisionVerdict.Passed, 2));

        Assert.Equal(
            [new(Now - 3, StageId.Cut, 1, 0, 0, 2), new(Now, StageId.Fetch, 0, 0, 1, 1), new RecentSecond(Now, StageId.Cut, 1, 1, 0, 0.75)],
            work.Since(0, Now));
        Assert.Equal(2, work.Since(Now - 2, Now).Count);
    }

    [Fact]
    public void A_second_gives_way_to_the_one_ten_minutes_later_and_does_not_come_back()
    {
        var work = new RecentWork();
        work.Add(RecentSecond.Of(Now, StageId.Cut, DecisionVerdict.Passed, 1));
        Assert.Single(work.Since(0, Now + RecentWork.Kept - 1));
        Assert.Empty(work.Since(0, Now + RecentWork.Kept));

        work.Add(RecentSecond.Of(Now + RecentWork.Kept, StageId.Cut, DecisionVerdict.Failed, 1));
        work.Add(RecentSecond.Of(Now, StageId.Cut, DecisionVerdict.Passed, 1));

        Assert.Equal(new RecentSecond(Now + RecentWork.Kept, StageId.Cut, 0, 0, 1, 1), Assert.Single(work.Since(0, Now + RecentWork.Kept)));
    }
}

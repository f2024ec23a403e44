using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Redeciding;

/// <summary>Gives items of the dead-letter list another try.</summary>
public sealed class Retrier(ILedger ledger)
{
    /// <summary>Makes failed items due at once, with all their attempts, and reopens their videos and jobs. Items that have not failed are left alone.</summary>
    /// <returns>How many are tried again.</returns>
    public async Task<int> RunAsync(IReadOnlyList<LedgerItem> items)
    {
        var orders = (await ledger.JobsAsync().ConfigureAwait(false)).ToDictionary(job => job.Id, job => StageOrder.Clip(job.Options.Order));
        var again = new LifeEvent.RetryRequested();
        var restatements = new List<Restatement>();
        foreach (var item in items)
        {
            var transition = item.Kind == ItemKind.Video
                ? VideoLifecycle.Apply(item.State, again, RetryPolicy.Default)
                : ClipLifecycle.Apply(item.State, again, orders[item.Job], RetryPolicy.Default);
            if (transition.Changed)
            {
                restatements.Add(new Restatement(item, transition.State, [new Decision(item.State.Stage, DecisionVerdict.Retried, item.State.Reason, null, null, "")]));
            }
        }

        await ledger.RestateAsync(restatements).ConfigureAwait(false);
        foreach (var job in restatements.Select(restatement => restatement.Item.Job).Distinct())
        {
            await ledger.ChangeJobAsync(job, JobEvent.WorkReopened).ConfigureAwait(false);
        }

        return restatements.Count;
    }
}

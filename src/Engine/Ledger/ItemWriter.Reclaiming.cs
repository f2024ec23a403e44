using System.Globalization;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Ledger;

internal sealed partial class ItemWriter
{
    /// <summary>How often in a row a worker may die with an item before nobody touches it any more. An item that was merely there when something else killed its worker
    /// must not be blamed, and a slow stage is caught by every third kill or so of a machine that is shut down all the time: 0.3^10 is one in a hundred thousand, 0.3^5 one in four hundred.</summary>
    public const int MaxStrikes = 10;

    /// <summary>Frees what owners hold that do not live. Each item has a strike then, and the one with too many is put aside: it may be what kills its workers.</summary>
    /// <returns>How many were freed.</returns>
    public int Reclaim(IReadOnlyCollection<string> living, long now)
    {
        var held = $"FROM item WHERE lease_owner IS NOT NULL AND lease_owner {_session.Dialect.NotIn(0)}";
        var struck = Read(
            _session.Prepare($"SELECT {ItemRow.Columns} {held} AND strikes >= {MaxStrikes - 1} ORDER BY kind DESC, seq{_session.Dialect.ForUpdate}", "T"), living);
        var settled = struck.Select(item => PutAside(item, now)).OfType<long>().Distinct().ToList();
        if (settled.Count > 0)
        {
            Settle(settled);
        }

        return struck.Count + _session.Prepare(
            $"UPDATE item SET due_at = 0, lease_owner = NULL, strikes = strikes + 1 WHERE seq {_session.Dialect.Found($"SELECT seq {held} ORDER BY kind DESC, seq")}", "T").Execute(living);
    }

    /// <returns>The clip's video, where that was its last open clip.</returns>
    private long? PutAside(LedgerItem item, long now)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"its worker died {MaxStrikes} times in this stage");
        var happened = new LifeEvent.Failed(item.State.Stage, reason, Retryable: false);
        var transition = item.Kind == ItemKind.Video
            ? VideoLifecycle.Apply(item.State, happened, RetryPolicy.Default)
            : ClipLifecycle.Apply(item.State, happened, StageOrder.Clip(OptionsOf(item.Job).Order), RetryPolicy.Default);
        var decision = new Decision(item.State.Stage, DecisionVerdict.Failed, reason, null, null, "");
        SetState(item, transition.State);
        Log(item.Seq, decision, now);
        _throughput.Add(now, item.Job, decision, 0);
        return transition.Effects.Contains(Effect.TellVideo) && item.Parent is { } video && _closeChild.Scalar(video) == 0 ? video : null;
    }
}

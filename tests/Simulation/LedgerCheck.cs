using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Simulation;

/// <summary>Holds a ledger against the plan, which knows how everything ends: nothing lost, nothing twice, nothing made up. It knows nothing of engines.</summary>
public static class LedgerCheck
{
    /// <returns>What is wrong, a sentence each; empty where all is as it must be.</returns>
    public static IReadOnlyList<string> Of(ILedger ledger, SimulationPlan plan)
    {
        var wrong = new List<string>();
        var ends = plan.Ends();
        var counts = new Dictionary<(ItemKind, Outcome, StageId), long>();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in ledger.Items(new ItemQuery()))
        {
            found.Add(item.Id);
            var key = (item.Kind, item.State.Outcome, item.State.Stage);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            if (!ends.TryGetValue(item.Id, out var end))
            {
                wrong.Add($"{item.Id} is in the ledger and not in the plan.");
            }
            else if (end != (item.State.Outcome, item.State.Stage))
            {
                wrong.Add($"{item.Id} ended as {item.State.Outcome} at {item.State.Stage.Name()} ({item.State.Reason}), not as {end.Outcome} at {end.Stage.Name()}.");
            }

            var verdicts = ledger.Trail(item.Seq).Where(line => line.Decision.Verdict is DecisionVerdict.Passed or DecisionVerdict.Rejected).Select(line => line.Decision.Stage).ToList();
            if (verdicts.Distinct().Count() != verdicts.Count)
            {
                wrong.Add($"{item.Id} has two verdicts at one stage: {string.Join(", ", verdicts.Select(stage => stage.Name()))}.");
            }
        }

        wrong.AddRange(ends.Keys.Where(id => !found.Contains(id)).Select(id => $"{id} is lost."));
        foreach (var tally in ledger.Tallies.GroupBy(t => (t.Kind, t.Outcome, t.Stage)))
        {
            if (tally.Sum(t => t.Count) != counts.GetValueOrDefault(tally.Key))
            {
                wrong.Add($"The ledger counts {tally.Sum(t => t.Count)} of {tally.Key} and holds {counts.GetValueOrDefault(tally.Key)}.");
            }
        }

        return wrong;
    }
}

using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>What came of an attempt to ask a site.</summary>
internal abstract record SiteAttempt
{
    private SiteAttempt()
    {
    }

    /// <summary>The source stands still; it was not asked.</summary>
    public sealed record Shut(TimeSpan After) : SiteAttempt;

    public sealed record Succeeded(ClientAnswer Answer) : SiteAttempt;

    /// <param name="After">How long to stay away at no cost; null where the failure is the item's own.</param>
    public sealed record Failed(ClientFailure Failure, TimeSpan? After) : SiteAttempt;
}

/// <summary>The way to a site: its circuit must be closed, its host's budget gives one token, and both hear how it went.</summary>
internal sealed class SiteGate(IHostBudget budget, ISourceCircuit circuit, UrlPolicy policy)
{
    /// <param name="item">The item's key.</param>
    /// <param name="ask">Asks; calls its argument as soon as the site shows that it serves, so that nobody waits for a long download to end.</param>
    public async Task<SiteAttempt> PassAsync(
        VideoTarget target, string item, Func<Action, Task<ClientAnswer>> ask, CancellationToken cancellationToken)
    {
        if (target.YouTube is null && await policy.RefuseResolvedAsync(new Uri(target.Url), cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            var failure = new ClientFailure(FailureKind.VideoSpecific, "unsupported-url", $"'{target.Url}' may not be asked: {refusal}.", Permanent: true);
            return new SiteAttempt.Failed(failure, null);
        }

        // Nobody waits here for a host that asked for a rest: as the one that tries a shut circuit it would keep the others out.
        if (budget.RestOf(target.Host) is var rest && rest > TimeSpan.Zero)
        {
            return new SiteAttempt.Shut(rest);
        }

        if (circuit.Enter(target.Source, item) is { } wait)
        {
            return new SiteAttempt.Shut(wait);
        }

        bool owing = true;
        bool served = false;
        try
        {
            await budget.AcquireAsync(target.Host, cancellationToken).ConfigureAwait(false);
            var answer = await ask(Served).ConfigureAwait(false);
            if (answer.Failure is not { } failed)
            {
                owing = false;
                budget.Report(target.Host, HostAnswer.Served);
                circuit.Report(target.Source, item, failure: null);
                return new SiteAttempt.Succeeded(answer);
            }

            if (failed.Throttled || failed.Kind == FailureKind.VideoSpecific)
            {
                budget.Report(target.Host, failed.Throttled ? HostAnswer.Throttled : HostAnswer.Served);
            }

            owing = false;
            return new SiteAttempt.Failed(failed, circuit.Report(target.Source, item, failed.Kind));
        }
        finally
        {
            // The circuit waits for an answer, whatever happens; an attempt that was broken off says nothing about the source.
            if (owing)
            {
                circuit.Report(target.Source, item, FailureKind.Network);
            }
        }

        void Served()
        {
            if (!served)
            {
                served = true;
                circuit.Report(target.Source, item, failure: null);
            }
        }
    }
}

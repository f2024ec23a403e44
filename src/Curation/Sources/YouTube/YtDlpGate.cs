using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>What came of an attempt to run yt-dlp.</summary>
internal abstract record YtDlpAttempt
{
    private YtDlpAttempt()
    {
    }

    /// <summary>The source stands still; nothing was run.</summary>
    public sealed record Shut(TimeSpan After) : YtDlpAttempt;

    public sealed record Succeeded(YtDlpRun Run) : YtDlpAttempt;

    /// <param name="After">How long to stay away at no cost; null where the failure is the item's own.</param>
    public sealed record Failed(YtDlpFailure Failure, TimeSpan? After) : YtDlpAttempt;
}

/// <summary>The way to a site: its circuit must be closed, its host's budget gives one token for a run, and both hear how it went.</summary>
internal sealed class YtDlpGate(IHostBudget budget, ISourceCircuit circuit)
{
    /// <param name="item">The item's key.</param>
    /// <param name="run">Starts yt-dlp; calls its argument as soon as the site shows that it serves, so that nobody waits for a long download to end.</param>
    /// <param name="brought">Whether a run that ended well brought what was asked for.</param>
    public async Task<YtDlpAttempt> PassAsync(
        YtDlpTarget target, string item, Func<Action, Task<YtDlpRun>> run, Func<YtDlpRun, bool> brought, CancellationToken cancellationToken)
    {
        if (circuit.Enter(target.Source, item) is { } wait)
        {
            return new YtDlpAttempt.Shut(wait);
        }

        bool owing = true;
        bool served = false;
        try
        {
            await budget.AcquireAsync(target.Host, cancellationToken).ConfigureAwait(false);
            var done = await run(Served).ConfigureAwait(false);
            if (done.Succeeded && brought(done))
            {
                owing = false;
                budget.Report(target.Host, HostAnswer.Served);
                circuit.Report(target.Source, item, failure: null);
                return new YtDlpAttempt.Succeeded(done);
            }

            var failure = YtDlpFailures.Of(done, target.Url);
            if (failure.Throttled || failure.Kind == FailureKind.VideoSpecific)
            {
                budget.Report(target.Host, failure.Throttled ? HostAnswer.Throttled : HostAnswer.Served);
            }

            owing = false;
            return new YtDlpAttempt.Failed(failure, circuit.Report(target.Source, item, failure.Kind));
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

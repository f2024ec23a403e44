namespace MedGenCluster.Client;

/// <summary>What the CLI's exit codes mean.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Something unforeseen; the message has the details.</summary>
    public const int Error = 1;

    /// <summary>Wrong arguments or options.</summary>
    public const int Usage = 2;

    /// <summary>A source, ledger, model or folder cannot be used.</summary>
    public const int Unavailable = 3;

    /// <summary>Done, but some items are on the dead-letter list (see <c>medgen retry</c>), or some rows of a screening could not be used (see its report).
    /// Duplicates are no such rows.</summary>
    public const int SomeFailed = 4;

    /// <summary>Interrupted; the next start goes on.</summary>
    public const int Interrupted = 130;
}

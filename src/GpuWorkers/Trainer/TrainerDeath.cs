namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>What to say of a program that ended without saying why.</summary>
internal static class TrainerDeath
{
    private const int SignalBase = 128;
    private const int MaxTail = 600;

    public static string Say(string program, int exitCode, string errorTail)
    {
        var end = exitCode > SignalBase ? $"{program} was ended by signal {exitCode - SignalBase}" : $"{program} ended with exit code {exitCode}";
        var tail = errorTail.Length > MaxTail ? errorTail[^MaxTail..] : errorTail;
        return tail.Length == 0 ? end : $"{end}: {tail.ReplaceLineEndings(" / ")}";
    }
}

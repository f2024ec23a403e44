namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>What to say of a program that ended without saying why.</summary>
internal static class TrainerDeath
{
    private const int SignalBase = 128;
    private const int MaxTail = 600;

    /// <summary>The kind of error that an exit code stands for where the program did not name one. torchrun makes 1 of every code, also of a signal's.</summary>
    public static string KindOf(int exitCode) => exitCode switch
    {
        2 => "usage",
        3 => "data",
        4 => "geometry",
        5 => "nan",
        6 => "memory",
        7 => "disk",
        8 => "missing",
        75 => "interrupted",
        _ => "crash",
    };

    public static string Say(string program, int exitCode, string errorTail)
    {
        var end = exitCode > SignalBase ? $"{program} was ended by signal {exitCode - SignalBase}" : $"{program} ended with exit code {exitCode}";
        var tail = errorTail.Length > MaxTail ? errorTail[^MaxTail..] : errorTail;
        return tail.Length == 0 ? end : $"{end}: {tail.ReplaceLineEndings(" / ")}";
    }
}

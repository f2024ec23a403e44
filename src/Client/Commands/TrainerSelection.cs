using System.CommandLine;
using MedGenCluster.GpuWorkers.Trainer;

namespace MedGenCluster.Client.Commands;

/// <summary>Where the trainer's programs are.</summary>
internal static class TrainerSelection
{
    public static readonly Option<string> Trainer = new("--trainer")
    {
        Description = "Folder of the trainer (the Python package t2v).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_TRAINER") ?? DefaultTrainer(),
        Recursive = true,
        HelpName = "dir",
    };

    public static readonly Option<string> Python = new("--python")
    {
        Description = "The Python interpreter with PyTorch; default: that of an activated environment, else Debian's where it has python3-torch, else the path's.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MEDGEN_PYTHON") ?? DefaultPython(),
        Recursive = true,
        HelpName = "program",
    };

    public static TrainerOptions Read(ParseResult parsed) => new() { Folder = Path.GetFullPath(parsed.GetValue(Trainer)!), Python = parsed.GetValue(Python)! };

    /// <summary>Refuses to begin work here that the trainer is missing for.</summary>
    /// <exception cref="UsageException">There is no trainer.</exception>
    public static void Demand(ParseResult parsed)
    {
        if (parsed.GetValue(Shared.Server) is null && Read(parsed).Validate() is [var trouble, ..])
        {
            throw new UsageException(trouble);
        }
    }

    private static string DefaultPython()
    {
        const string Debian = "/usr/bin/python3", DebianTorch = "/usr/lib/python3/dist-packages/torch";
        var activated = new[] { "VIRTUAL_ENV", "CONDA_PREFIX" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        return !activated && Directory.Exists(DebianTorch) && File.Exists(Debian) ? Debian : "python3";
    }

    /// <summary>Beside the program, or in the checkout that the program was built in.</summary>
    private static string DefaultTrainer()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "trainer", "t2v")))
            {
                return Path.Combine(folder.FullName, "trainer");
            }
        }

        return "trainer";
    }
}

using System.Globalization;
using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>Runs <c>t2v.prepare</c> and <c>t2v.train</c>, the latter under torchrun where several processes train together.</summary>
public sealed class TrainerPrograms(TrainerOptions options, TimeProvider time) : ITrainer
{
    private const string LeaderFile = "process";

    public async Task<TrainerExit> RunAsync(TrainerJob job, Func<TrainerEvent, Task> heard, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (options.Validate() is [var trouble, ..])
        {
            return new TrainerExit(-1, new TrainerEvent.Error("missing", trouble, null));
        }

        EndLeftover(job.Folder);
        await using var process = LiveProcess.Start(new ProcessSpec(options.Python, [.. Launch(job), .. Options(job)], WorkingDirectory: options.Folder), time);
        if (process is null)
        {
            return new TrainerExit(-1, new TrainerEvent.Error("missing", $"there is no Python interpreter '{options.Python}' on this machine.", "Install it or name one with --python."));
        }

        await File.WriteAllTextAsync(
            Path.Combine(job.Folder, LeaderFile), string.Create(CultureInfo.InvariantCulture, $"{process.Id} {ProcessGroup.StartOf(process.Id) ?? 0}"), cancellationToken).ConfigureAwait(false);
        await using var killed = cancellationToken.Register(process.Kill);
        Task<int>? stopping = null;
        await using var stopped = stop.Register(() => stopping = process.StopAsync(options.StopLimit, signal: true));
        var (error, hung) = await ListenAsync(process, job, heard).ConfigureAwait(false);
        if (hung)
        {
            process.Kill();
        }

        var code = await process.Ended.ConfigureAwait(false);
        if (stopping is not null)
        {
            await stopping.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new TrainerExit(code, Judge(job, process, code, error, hung, stop.IsCancellationRequested));
    }

    private TrainerEvent.Error? Judge(TrainerJob job, LiveProcess process, int code, TrainerEvent.Error? error, bool hung, bool stopped)
    {
        if (hung)
        {
            return new TrainerEvent.Error("timeout", $"{job.Module} said nothing for {job.SilenceLimit.TotalSeconds:0} s and was killed", null);
        }

        if (error is not null || code == 0 || stopped)
        {
            return error;
        }

        var tail = process.ErrorTail;
        return tail.Contains("No module named 'torch", StringComparison.Ordinal) || tail.Contains("No module named torch", StringComparison.Ordinal) || tail.Contains("from 'torch.distributed'", StringComparison.Ordinal)
            ? new TrainerEvent.Error(
                "missing", $"{options.Python} has no {(job.Processes > 1 ? "torchrun (torch.distributed.run)" : "PyTorch")}: {TrainerDeath.Say(job.Module, code, tail)}",
                "Install PyTorch (Debian: python3-torch), or name another interpreter with --python.")
            : new TrainerEvent.Error(TrainerDeath.KindOf(code), TrainerDeath.Say(job.Module, code, process.ErrorTail), null);
    }

    private async Task<(TrainerEvent.Error? Error, bool Hung)> ListenAsync(LiveProcess process, TrainerJob job, Func<TrainerEvent, Task> heard)
    {
        TrainerEvent.Error? error = null;
        while (true)
        {
            using var silence = new CancellationTokenSource(job.SilenceLimit, time);
            try
            {
                if (!await process.Lines.WaitToReadAsync(silence.Token).ConfigureAwait(false))
                {
                    return (error, false);
                }
            }
            catch (OperationCanceledException)
            {
                return (error, true);
            }

            while (process.Lines.TryRead(out var text))
            {
                switch (TrainerLine.Parse(text)?.Event())
                {
                    case TrainerEvent.Error told:
                        error = told;
                        break;
                    case { } happened:
                        await heard(happened).ConfigureAwait(false);
                        break;
                }
            }
        }
    }

    // The trainer's own torchrun works with Debian's pair of Python and PyTorch too.
    private string[] Launch(TrainerJob job) => job.Processes > 1
        ? ["-m", File.Exists(Path.Combine(options.Folder, "t2v", "torchrun.py")) ? "t2v.torchrun" : "torch.distributed.run", "--standalone", "--nproc_per_node", job.Processes.ToString(CultureInfo.InvariantCulture), "-m", job.Module]
        : ["-m", job.Module];

    private static IEnumerable<string> Options(TrainerJob job) => job.Arguments.SelectMany(option => option.Value == "true" ? new[] { "--" + option.Key } : ["--" + option.Key, option.Value]);

    /// <summary>Ends what an attempt left behind whose host was killed: two trainings must not write one folder.</summary>
    private static void EndLeftover(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, LeaderFile);
        if (File.Exists(file)
            && File.ReadAllText(file).Split(' ') is [var id, var start]
            && int.TryParse(id, CultureInfo.InvariantCulture, out var leader)
            && long.TryParse(start, CultureInfo.InvariantCulture, out var startedAt))
        {
            ProcessGroup.KillLeftover(leader, startedAt);
        }
    }
}

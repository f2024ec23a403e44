using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.Engine.Training;

/// <summary>One attempt at a training run: prepares the data where that has not been done, goes on from the last checkpoint, and remembers what the trainer says.</summary>
/// <param name="operation">Under which the run was claimed.</param>
internal sealed class TrainingAttempt(
    ITrainingLedger ledger, IMediaStore media, ITrainer trainer, TrainingRow run, string operation, TrainingWorkerOptions options, TimeProvider time)
{
    private const string List = "videos2caption.json";

    private readonly string _folder = Path.Combine(options.Root, $"run-{run.Id}");
    private readonly List<TrainingStep> _steps = [];
    private long _flushedAt = time.GetTimestamp();
    private string? _model;
    private long? _notANumber;

    private string Prepared => Path.Combine(_folder, "prepared");

    private string Out => Path.Combine(_folder, "out");

    /// <param name="stop">Asks the trainer to stop after the step in hand.</param>
    /// <param name="lost">The run is another's: the trainer is killed.</param>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public async Task<TrainingEnd> RunAsync(CancellationToken stop, CancellationToken lost)
    {
        Directory.CreateDirectory(_folder);
        if (run.Settings.Base?.Changed() is { } changed)
        {
            return new TrainingEnd.Crashed("data", changed, "Bring the model back, or submit a new run.", Retryable: false);
        }

        if (await PrepareAsync(stop, lost).ConfigureAwait(false) is { } trouble)
        {
            return trouble;
        }

        var resume = await LastCheckpointAsync(lost).ConfigureAwait(false);
        using var hopeless = CancellationTokenSource.CreateLinkedTokenSource(lost);
        TrainerExit exit;
        try
        {
            exit = await trainer.RunAsync(
                new TrainerJob("t2v.train", await ArgumentsAsync(resume).ConfigureAwait(false), run.Settings.Processes, _folder, options.SilenceLimit),
                happened => HearAsync(happened, hopeless, lost), stop, hopeless.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_notANumber is not null)
        {
            var last = (await ledger.TrainingAsync(run.Id).ConfigureAwait(false))!.Life.Checkpoint;
            return new TrainingEnd.Crashed(
                "nan", $"the loss of step {_notANumber} is not a number; {(last is null ? "there is no checkpoint before it" : $"the last good checkpoint is that of step {last.Step}")}.",
                "A smaller learning rate or tighter --max_grad_norm may help.", Retryable: false);
        }

        await FlushAsync().ConfigureAwait(false);
        return await EndAsync(exit, stop.IsCancellationRequested, lost).ConfigureAwait(false);
    }

    private async Task<TrainingEnd?> PrepareAsync(CancellationToken stop, CancellationToken lost)
    {
        if (run.Prepared is not null && File.Exists(Path.Combine(Prepared, List)))
        {
            return null;
        }

        var (dataset, error) = TrainingDataset.Open(run.Settings.Dataset);
        if (dataset is null)
        {
            return new TrainingEnd.Crashed("data", error!, null, Retryable: false);
        }

        if (dataset.Sha256 != run.Settings.DatasetSha256)
        {
            return new TrainingEnd.Crashed(
                "data", $"{dataset.Folder} is not the dataset any more that the run was submitted with (its list has another digest).", "Export it to a folder of its own, or submit a new run.", Retryable: false);
        }

        string? prepared = null;
        KeyValuePair<string, string>[] arguments = [new("data_path", dataset.Folder), new("output_dir", Prepared), .. run.Settings.Prepare];
        var exit = await trainer.RunAsync(
            new TrainerJob("t2v.prepare", arguments, 1, _folder, options.SilenceLimit),
            happened =>
            {
                prepared = (happened as TrainerEvent.Prepared)?.Json ?? prepared;
                return Task.CompletedTask;
            },
            stop, lost).ConfigureAwait(false);
        if (exit.Succeeded && prepared is not null)
        {
            await ledger.RecordPreparedAsync(run.Id, operation, prepared, options.Lease).ConfigureAwait(false);
            return stop.IsCancellationRequested ? new TrainingEnd.Stopped() : null;
        }

        return stop.IsCancellationRequested ? new TrainingEnd.Stopped() : Crashed(exit, "t2v.prepare");
    }

    /// <summary>The last checkpoint, brought back from the media store where its folder is gone.</summary>
    private async Task<string?> LastCheckpointAsync(CancellationToken cancellationToken)
    {
        if (run.Life.Checkpoint is not { } last || (await ledger.CheckpointsAsync(run.Id).ConfigureAwait(false)).LastOrDefault(stored => stored.Step == last.Step) is not { } stored)
        {
            return null;
        }

        var folder = Path.Combine(Out, stored.Name);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Out);
            await FolderArchive.RestoreAsync(stored.Media, folder, media, cancellationToken).ConfigureAwait(false);
        }

        return folder;
    }

    private async Task<IReadOnlyList<KeyValuePair<string, string>>> ArgumentsAsync(string? resume)
    {
        var arguments = new List<KeyValuePair<string, string>> { new("data_json_path", Path.Combine(Prepared, List)), new("output_dir", Out) };
        arguments.AddRange(run.Settings.Train.OrderBy(option => option.Key, StringComparer.Ordinal));
        if (run.Settings.ValidationPrompts.Count > 0)
        {
            var prompts = Path.Combine(_folder, "validation-prompts.txt");
            await File.WriteAllLinesAsync(prompts, run.Settings.ValidationPrompts).ConfigureAwait(false);
            arguments.Add(new("validation_prompts", prompts));
        }

        if (resume is not null)
        {
            arguments.Add(new("resume_from_checkpoint", resume));
        }

        return arguments;
    }

    private async Task HearAsync(TrainerEvent happened, CancellationTokenSource hopeless, CancellationToken lost)
    {
        switch (happened)
        {
            case TrainerEvent.Started started:
                await ledger.RecordStartAsync(run.Id, operation, started.Steps, started.CodeVersion, options.Lease).ConfigureAwait(false);
                break;
            case TrainerEvent.Stepped step when !double.IsFinite(step.Loss):
                _notANumber = step.Step;
                await FlushAsync().ConfigureAwait(false);
                await hopeless.CancelAsync().ConfigureAwait(false);
                break;
            case TrainerEvent.Stepped step:
                _steps.Add(new TrainingStep(step.Step, step.Loss, step.LearningRate, step.GradNorm, step.Seconds, step.Rate, step.MemoryMb));
                if (time.GetElapsedTime(_flushedAt) >= options.FlushPeriod)
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                break;
            case TrainerEvent.Checkpoint checkpoint:
                await FlushAsync().ConfigureAwait(false);
                var archive = await FolderArchive.StoreAsync(checkpoint.Path, media, lost).ConfigureAwait(false);
                await ledger.RecordCheckpointAsync(run.Id, operation, new StoredCheckpoint(checkpoint.Step, Path.GetFileName(checkpoint.Path.TrimEnd('/')), archive), options.Lease).ConfigureAwait(false);
                break;
            case TrainerEvent.Validation validation:
                var clip = await StoreClipAsync(validation.Path, lost).ConfigureAwait(false);
                await ledger.RecordClipAsync(run.Id, operation, new TrainingClip(validation.Step, validation.Prompt, validation.Seed, clip), options.Lease).ConfigureAwait(false);
                break;
            case TrainerEvent.Finished finished:
                _model = finished.Path;
                break;
        }
    }

    private async Task<MediaRef> StoreClipAsync(string path, CancellationToken cancellationToken)
    {
        // The trainer keeps its own: the store takes what it adopts.
        var copy = media.NewTemporaryPath(".mp4");
        File.Copy(path, copy);
        return await media.AdoptAsync(copy, cancellationToken).ConfigureAwait(false);
    }

    private async Task FlushAsync()
    {
        _flushedAt = time.GetTimestamp();
        if (_steps.Count > 0)
        {
            await ledger.RecordStepsAsync(run.Id, operation, [.. _steps], options.Lease).ConfigureAwait(false);
            _steps.Clear();
        }
    }

    private async Task<TrainingEnd> EndAsync(TrainerExit exit, bool stopped, CancellationToken cancellationToken)
    {
        if (exit.Succeeded && _model is { } model)
        {
            return new TrainingEnd.Finished(await FolderArchive.StoreAsync(model, media, cancellationToken).ConfigureAwait(false), model);
        }

        return stopped && exit.Error is null or { Kind: "interrupted" } ? new TrainingEnd.Stopped() : Crashed(exit, "t2v.train");
    }

    private static TrainingEnd.Crashed Crashed(TrainerExit exit, string module) => exit.Error is { } error
        ? new TrainingEnd.Crashed(error.Kind, error.Message, error.Hint, error.IsRetryable)
        : new TrainingEnd.Crashed("internal", $"{module} ended with exit code {exit.ExitCode} and without its last event", null, Retryable: true);
}

using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Engine.Screening.Inputs;
using MedGenCluster.Engine.Screening.Results;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening;

/// <summary>Screens candidates of any number in memory that is bounded by the survivors' identities (16 bytes each in a hash set) and their channels. Killed
/// and started again it repeats the shard in hand at the most, and the results are the same bytes.</summary>
/// <param name="classifier">Asked for only where <see cref="ScreeningOptions.UseClassifier"/> is set.</param>
public sealed class ScreeningRun(KeywordMatcher matcher, Func<ITextClassifier> classifier, ScreeningOptions options)
{
    private readonly ScreeningFolder _folder = new(options.OutputFolder);
    private volatile ScreeningProgress _progress = ScreeningProgress.None;

    /// <summary>How far the run is; may be read at any time from any thread.</summary>
    public ScreeningProgress Progress => _progress;

    /// <param name="inputs">Files and folders, see the CLI's help.</param>
    /// <exception cref="IOException">An input or the output folder failed under the run; started again it goes on.</exception>
    /// <exception cref="Curation.Models.ModelException">The classifier cannot be loaded or run.</exception>
    public async Task<ScreeningOutcome> RunAsync(IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            return new ScreeningOutcome.Refused(ScreeningRefusal.InvalidOptions, string.Join(' ', errors));
        }

        var (files, error) = InputListing.List(inputs, _folder.Root);
        if (error is not null)
        {
            return new ScreeningOutcome.Refused(ScreeningRefusal.InputUnavailable, error);
        }

        using var held = _folder.TryLock();
        if (held is null)
        {
            return new ScreeningOutcome.Refused(ScreeningRefusal.OutputUnavailable, $"another process screens into {_folder.Root}; wait for it or name another folder.");
        }

        var model = options.UseClassifier ? classifier() : null;
        var run = new Checkpoint
        {
            Inputs = files, MinProbability = options.MinProbability, LabelColumn = options.LabelColumn, ShardBytes = options.ShardBytes, BlockBytes = options.BlockBytes,
            Dictionary = matcher.Dictionary.Version, Classifier = model is null ? null : new ClassifierIdentity(model.Version, model.IsDemo),
        };
        var (checkpoint, refusal) = Begin(run);
        if (checkpoint is null)
        {
            return refusal!;
        }

        if (checkpoint.IsComplete)
        {
            _folder.RemoveWork();
            return new ScreeningOutcome.Completed(ScreeningJson.Read<ScreeningReport>(await File.ReadAllBytesAsync(_folder.ReportJson, cancellationToken).ConfigureAwait(false)), WasDone: true);
        }

        return await WorkAsync(checkpoint, model, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The checkpoint to go on from, or why there is none.</summary>
    private (Checkpoint? Checkpoint, ScreeningOutcome? Refusal) Begin(Checkpoint run)
    {
        if (options.Restart)
        {
            _folder.Clear();
        }

        Checkpoint? earlier;
        try
        {
            earlier = _folder.ReadCheckpoint();
        }
        catch (JsonException)
        {
            return (null, Refuse("it cannot be read"));
        }

        if (earlier is null)
        {
            if (_folder.Results.FirstOrDefault(File.Exists) is { } foreign)
            {
                return (null, new ScreeningOutcome.Refused(
                    ScreeningRefusal.OutputUnavailable, $"{foreign} exists and no checkpoint says where it is from; --restart replaces it, or name another folder."));
            }

            _folder.RemoveWork();
            _folder.WriteCheckpoint(run);
            earlier = run;
        }
        else if (run.DifferenceFrom(earlier) is { } difference)
        {
            return (null, Refuse(difference));
        }

        if (earlier.IsComplete && _folder.Results.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            return (null, Refuse($"its result {missing} is gone"));
        }

        Directory.CreateDirectory(_folder.Work);
        return (earlier, null);

        ScreeningOutcome Refuse(string reason) => new ScreeningOutcome.Refused(
            ScreeningRefusal.Changed, $"{_folder.Root} holds the checkpoint of a screening that this run cannot go on from: {reason}. --restart throws it away and begins anew.");
    }

    private async Task<ScreeningOutcome> WorkAsync(Checkpoint run, ITextClassifier? model, CancellationToken cancellationToken)
    {
        var parts = new ShardParts(_folder);
        var (stopped, shards, counts) = await ScanAsync(run, parts, model, cancellationToken).ConfigureAwait(false);
        if (stopped is not null)
        {
            return stopped;
        }

        var report = new ResultWriter(_folder, parts).Write(run, shards, counts, cancellationToken);
        _folder.WriteCheckpoint(run with { IsComplete = true });
        _folder.RemoveWork();
        return new ScreeningOutcome.Completed(report, WasDone: false);
    }

    /// <summary>Finishes all shards, or says what stopped a strict run.</summary>
    private async Task<(ScreeningOutcome? Stopped, int Shards, ScreeningCounts Counts)> ScanAsync(
        Checkpoint run, ShardParts parts, ITextClassifier? model, CancellationToken cancellationToken)
    {
        using var book = new RunBook(run, _folder, parts, options);
        if (options.Strict && book.FirstTrouble is { } known)
        {
            return (known, 0, book.Counts);
        }

        var pipeline = new ScanPipeline(run.Inputs, matcher, new BlockScorer(model, options), options);
        var (input, from) = book.Next;
        var before = _progress = book.Progress;
        await foreach (var block in pipeline.RunAsync(input, from, cancellationToken).ConfigureAwait(false))
        {
            if (book.Add(block) is { } trouble && options.Strict)
            {
                return (trouble, 0, book.Counts);
            }

            _progress = book.Progress with { Before = before };
        }

        return (null, book.Finished, book.Counts);
    }
}

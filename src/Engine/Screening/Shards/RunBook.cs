using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;
using MedGenCluster.Engine.Screening.Inputs;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>Takes scanned blocks in order, makes shards of them and remembers each when it ends.</summary>
internal sealed class RunBook : IDisposable
{
    private readonly Checkpoint _run;
    private readonly ScreeningFolder _folder;
    private readonly ShardParts _parts;
    private readonly bool _labelled;
    private readonly HashSet<UInt128> _seen = [];
    private readonly long _totalBytes;
    private DurableFile? _survivors;
    private ShardBuilder? _shard;
    private long _doneBytes;
    private long _readBytes;

    /// <summary>Begins where the shards end that are whole on the disk.</summary>
    public RunBook(Checkpoint run, ScreeningFolder folder, ShardParts parts, ScreeningOptions options)
    {
        (_run, _folder, _parts, _labelled) = (run, folder, parts, options.LabelColumn is not null);
        Finished = parts.CountWhole();
        _totalBytes = run.Inputs.Sum(input => input.Length);
        Next = (0, CandidatePosition.Start);
        for (var shard = 0; shard < Finished; shard++)
        {
            var tally = parts.ReadTally(shard);
            parts.AddIdentities(shard, _seen);
            Counts = Counts.Then(tally.Counts);
            var input = IndexOf(tally.Input);
            Next = tally.IsLast ? (input + 1, CandidatePosition.Start) : (input, tally.To);
        }

        _doneBytes = run.Inputs.Take(Next.Input).Sum(input => input.Length);
    }

    /// <summary>Shards that are safe on the disk.</summary>
    public int Finished { get; private set; }

    /// <summary>Of the finished shards.</summary>
    public ScreeningCounts Counts { get; private set; } = ScreeningCounts.Empty;

    /// <summary>Where the next shard begins.</summary>
    public (int Input, CandidatePosition From) Next { get; private set; }

    /// <summary>The first trouble of the finished shards.</summary>
    public ScreeningOutcome.Stopped? FirstTrouble => Counts.Troubles
        .Select(trouble => new ScreeningOutcome.Stopped(trouble.Key, trouble.Value.First[0].Input, trouble.Value.First[0].Line))
        .OrderBy(trouble => IndexOf(trouble.Input)).ThenBy(trouble => trouble.Line)
        .FirstOrDefault();

    public ScreeningProgress Progress => new(
        _doneBytes + _readBytes, _totalBytes,
        Counts.Rows + (_shard?.Rows ?? 0), Counts.Hits + (_shard?.Hits ?? 0), Counts.Survivors + (_shard?.Survivors ?? 0),
        Counts.Troubles.Values.Sum(trouble => trouble.Count) + (_shard?.Troubles ?? 0), Finished);

    /// <summary>Takes the next block.</summary>
    /// <returns>The first trouble in it; null where there is none.</returns>
    public ScreeningOutcome.Stopped? Add(ScannedBlock block)
    {
        _survivors ??= new DurableFile(_folder.Part(Finished, ShardParts.Survivors));
        _shard ??= new ShardBuilder(_run.Inputs[block.Input].Path, block.Start, _survivors.Stream, _seen, _labelled);
        var trouble = _shard.Add(block.Scan);
        _readBytes = block.FileBytes;
        if (block.EndsShard)
        {
            Finish(block);
        }

        return trouble is { } first ? new ScreeningOutcome.Stopped(first.Kind, block.Scan.Input, first.Line) : null;
    }

    public void Dispose() => _survivors?.Dispose();

    private void Finish(ScannedBlock block)
    {
        var tally = _shard!.Close(block.End, block.EndsInput);
        _survivors!.Commit();
        _parts.Finish(Finished, _shard.Identities, _shard.RowsByChannel, tally);
        Finished++;
        Counts = Counts.Then(tally.Counts);
        (_survivors, _shard) = (null, null);
        if (block.EndsInput)
        {
            _doneBytes += _run.Inputs[block.Input].Length;
            _readBytes = 0;
        }
    }

    private int IndexOf(string input) => _run.Inputs.Select((file, index) => (file, index)).First(item => item.file.Path == input).index;
}

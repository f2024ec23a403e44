using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;
using MedGenCluster.Engine.Screening.Inputs;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>One reader cuts the inputs into blocks, several threads search them for keywords, the classifier scores the hits as they come, and the blocks
/// leave in the order in which they were read. A bounded number of blocks is on its way, so a slow classifier slows the reader instead of filling memory.</summary>
internal sealed class ScanPipeline(IReadOnlyList<InputFile> inputs, KeywordMatcher matcher, BlockScorer scorer, ScreeningOptions options)
{
    /// <summary>The blocks from a place on. Stopping the enumeration stops the threads.</summary>
    /// <exception cref="IOException">An input cannot be read, or changed while it was read.</exception>
    public async IAsyncEnumerable<ScannedBlock> RunAsync(int input, CandidatePosition from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim((2 * options.Threads) + 2);
        var waiting = Channel.CreateUnbounded<Slot>();
        var ordered = Channel.CreateUnbounded<Slot>();
        List<Task> threads = [Task.Run(() => ReadAsync(input, from, room, waiting.Writer, ordered.Writer, stop.Token), CancellationToken.None)];
        for (var i = 0; i < options.Threads; i++)
        {
            threads.Add(Task.Run(() => ScanAsync(waiting.Reader, stop.Token), CancellationToken.None));
        }

        try
        {
            await foreach (var slot in ordered.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                yield return await slot.Done.Task.WaitAsync(stop.Token).ConfigureAwait(false);
                room.Release();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(threads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (waiting.Reader.TryRead(out var slot))
            {
                slot.Block.Dispose();
            }
        }
    }

    private async Task ReadAsync(
        int first, CandidatePosition from, SemaphoreSlim room, ChannelWriter<Slot> waiting, ChannelWriter<Slot> ordered, CancellationToken stop)
    {
        Exception? failure = null;
        try
        {
            for (var input = first; input < inputs.Count; input++)
            {
                using var blocks = CandidateBlocks.Open(inputs[input].Path, input == first ? from : default, new CandidateBlockOptions { BlockBytes = options.BlockBytes });
                var shardStart = input == first ? from.Offset : 0;
                var next = blocks.Read();
                while (next is { } block)
                {
                    await room.WaitAsync(stop).ConfigureAwait(false);
                    next = blocks.Read();
                    var endsShard = next is null || block.End.Offset - shardStart >= options.ShardBytes;
                    var slot = new Slot(block, input, blocks.FilePosition, endsShard, EndsInput: next is null);
                    shardStart = endsShard ? block.End.Offset : shardStart;
                    ordered.TryWrite(slot);
                    waiting.TryWrite(slot);
                }

                if (InputFile.At(inputs[input].Path) != inputs[input])
                {
                    throw new IOException($"{inputs[input].Path} changed while it was read. Screen it again with --restart when it is complete.");
                }
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        waiting.TryComplete();
        ordered.TryComplete(failure);
    }

    private async Task ScanAsync(ChannelReader<Slot> waiting, CancellationToken stop)
    {
        var labelled = options.LabelColumn is not null;
        var scanner = new CandidateScanner(matcher, new CandidateScannerOptions { LabelColumn = options.LabelColumn, ReadKeys = true });
        await foreach (var slot in waiting.ReadAllAsync(stop).ConfigureAwait(false))
        {
            try
            {
                var scan = new BlockScan(inputs[slot.Input].Path, slot.Block.Format, labelled);
                using (slot.Block)
                {
                    scan.Rows = scanner.Scan(slot.Block, scan);
                }

                // Not awaited: the thread searches the next block while the classifier works on this one's hits.
                _ = FinishAsync(slot, scan, stop);
            }
            catch (Exception exception)
            {
                slot.Done.TrySetException(exception);
            }
        }
    }

    private async Task FinishAsync(Slot slot, BlockScan scan, CancellationToken stop)
    {
        try
        {
            await scorer.ScoreAsync(scan, stop).ConfigureAwait(false);
            slot.Done.TrySetResult(new ScannedBlock(scan, slot.Input, slot.Block.Start, slot.Block.End, slot.FileBytes, slot.EndsShard, slot.EndsInput));
        }
        catch (Exception exception)
        {
            slot.Done.TrySetException(exception);
        }
    }

    private sealed record Slot(CandidateBlock Block, int Input, long FileBytes, bool EndsShard, bool EndsInput)
    {
        public TaskCompletionSource<ScannedBlock> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Text;
using System.Text.Json;
using MedGenCluster.Engine.Export.Formats;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>Makes the results of the finished shards. Doing it again gives the same bytes.</summary>
internal sealed class ResultWriter(ScreeningFolder folder, ShardParts parts)
{
    /// <param name="shards">Shards of the run, all of them finished.</param>
    /// <param name="counts">Their counts.</param>
    public ScreeningReport Write(Checkpoint run, int shards, ScreeningCounts counts, CancellationToken cancellationToken)
    {
        WriteSurvivors(shards, cancellationToken);
        WriteSample(counts.Sample);
        WriteShards(shards);
        var report = ScreeningReport.Of(run, shards, counts, WriteChannels(shards, cancellationToken));
        DurableFile.Write(folder.Report, Encoding.UTF8.GetBytes(ReportMarkdown.Write(report)));
        DurableFile.Write(folder.ReportJson, ScreeningJson.Write(report, indented: true));
        return report;
    }

    private void WriteSurvivors(int shards, CancellationToken cancellationToken)
    {
        using var file = new DurableFile(folder.Survivors);
        for (var shard = 0; shard < shards; shard++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var part = File.OpenRead(folder.Part(shard, ShardParts.Survivors));
            part.CopyTo(file.Stream);
        }

        file.Commit();
    }

    private void WriteSample(IReadOnlyList<SampledRow> sample)
    {
        using var file = new DurableFile(folder.RejectedSample);
        foreach (var row in sample)
        {
            file.Stream.Write(Encoding.UTF8.GetBytes(row.Json));
        }

        file.Commit();
    }

    private void WriteShards(int shards)
    {
        using var file = new DurableFile(folder.Shards);
        for (var shard = 0; shard < shards; shard++)
        {
            file.Stream.Write(ShardFormat.Write(shard, parts.ReadTally(shard)).Span);
        }

        file.Commit();
    }

    private int WriteChannels(int shards, CancellationToken cancellationToken)
    {
        var book = new ChannelBook();
        foreach (var line in File.ReadLines(folder.Survivors))
        {
            cancellationToken.ThrowIfCancellationRequested();
            book.Add(line);
        }

        var channels = book.Close(rows =>
        {
            for (var shard = 0; shard < shards; shard++)
            {
                parts.AddRows(shard, rows);
            }
        });
        using var file = new DurableFile(folder.Channels);
        var count = 0;
        foreach (var channel in channels)
        {
            file.Stream.Write(ChannelFormat.Write(channel, rank: ++count).Span);
        }

        file.Commit();
        return count;
    }
}

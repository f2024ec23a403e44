using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>The second stage: gives a block's hits their probability and their place in the results.</summary>
/// <param name="classifier">Null skips the stage: everything passes.</param>
internal sealed class BlockScorer(ITextClassifier? classifier, ScreeningOptions options)
{
    private readonly ClassifierIdentity? _identity = classifier is null ? null : new ClassifierIdentity(classifier.Version, classifier.IsDemo);

    public async Task ScoreAsync(BlockScan block, CancellationToken cancellationToken)
    {
        if (classifier is not null)
        {
            foreach (var batch in block.Hits.Chunk(options.ClassifierBatch))
            {
                var scores = await classifier.ScoreAsync([.. batch.Select(row => ScreeningText.Of(row.Row.Title, row.Row.Description))], cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < batch.Length; i++)
                {
                    // Rounded before it is compared, so that what the results show is what was decided on.
                    var probability = Math.Round(scores[i], 6);
                    batch[i].Probability = probability;
                    batch[i].Passed = probability >= options.MinProbability;
                }
            }
        }

        foreach (var row in block.Hits)
        {
            row.Json = SurvivorFormat.Write(row.Raw, row, block.Input, _identity);
        }
    }
}

using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Tests.Stages;

/// <summary>What becomes of an item when something else than the item is at fault.</summary>
public sealed class ItemStageTests
{
    [Fact]
    public async Task An_item_waits_for_a_store_that_is_away_with_all_its_attempts()
    {
        var results = await new Throwing(new MediaStoreException("The account is away.", retryable: true)).RunAsync(["a", "b"], CancellationToken.None);

        Assert.All(results, result => Assert.Equal("The account is away.", Assert.IsType<StageResult.Postponed>(result).Reason));
        Assert.All(results, result => Assert.True(((StageResult.Postponed)result).After > TimeSpan.Zero));
        Assert.Equal(2, results.Count);
    }

    [Fact]
    public async Task An_item_whose_media_cannot_be_had_fails_at_once()
    {
        var result = Assert.Single(await new Throwing(new MediaStoreException("The blob is damaged.", retryable: false)).RunAsync(["a"], CancellationToken.None));

        Assert.Equal(new StageResult.Failed("The blob is damaged.", Retryable: false), result);
    }

    [Fact]
    public async Task An_item_that_a_model_cannot_do_is_tried_again()
    {
        var result = Assert.Single(await new Throwing(new ModelException("The model is broken.")).RunAsync(["a"], CancellationToken.None));

        Assert.Equal(new StageResult.Failed("The model is broken.", Retryable: true), result);
    }

    private sealed class Throwing(Exception error) : ItemStage<string>
    {
        public override StageId Id => StageId.Cut;

        public override Resource Needs => Resource.Cpu;

        public override Verdict Decide(IMeasurements measurements, CurationOptions options) => throw new NotSupportedException();

        protected override Task<StageResult> MeasureAsync(string work, CancellationToken cancellationToken) => throw error;
    }
}

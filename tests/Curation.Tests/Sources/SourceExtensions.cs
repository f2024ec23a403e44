using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Tests.Sources;

internal static class SourceExtensions
{
    public static async Task<List<SourceItem>> All(this IVideoSource source)
    {
        var items = new List<SourceItem>();
        await foreach (var item in source.ListAsync(CancellationToken.None))
        {
            items.Add(item);
        }

        return items;
    }

    public static async Task<List<VideoMetadata>> Videos(this IVideoSource source) =>
        (await source.All()).OfType<SourceItem.Found>().Select(found => found.Video).ToList();

    public static async Task<List<SourceItem.Skipped>> Skips(this IVideoSource source) =>
        (await source.All()).OfType<SourceItem.Skipped>().ToList();
}

using System.Text.Json;
using MedGenCluster.Client.Demo;

namespace MedGenCluster.Client.Tests.Demo;

public sealed class SceneSamplerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Frames_and_labels_agree_and_repeat_with_the_seed()
    {
        await SceneSampler.WriteAsync(Path.Combine(_folder.FullName, "a"), 13, 2, heldOut: false);
        await SceneSampler.WriteAsync(Path.Combine(_folder.FullName, "b"), 13, 2, heldOut: false);
        var labels = File.ReadAllLines(Path.Combine(_folder.FullName, "a", "labels.jsonl"));
        var frames = File.ReadAllBytes(Path.Combine(_folder.FullName, "a", "frames.u8"));
        Assert.Equal(3 * SceneSampler.FramesPerInstance, labels.Length);
        Assert.Equal(labels.Length * SceneSampler.Width * SceneSampler.Height * 3, frames.Length);
        Assert.Equal(frames, File.ReadAllBytes(Path.Combine(_folder.FullName, "b", "frames.u8")));
    }

    [Fact]
    public async Task Held_out_scenes_are_not_in_the_training_set()
    {
        await SceneSampler.WriteAsync(Path.Combine(_folder.FullName, "a"), 30, 2, heldOut: false);
        await SceneSampler.WriteAsync(Path.Combine(_folder.FullName, "b"), 30, 2, heldOut: true);
        Assert.Empty(Seeds("a").Intersect(Seeds("b")));
    }

    private IEnumerable<int> Seeds(string name) =>
        File.ReadLines(Path.Combine(_folder.FullName, name, "labels.jsonl")).Select(line =>
            JsonDocument.Parse(line).RootElement.GetProperty("seed").GetInt32());
}

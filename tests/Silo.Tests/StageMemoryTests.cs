using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Engine.Media;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests;

/// <summary>The GPU memory that placement goes by.</summary>
public sealed class StageMemoryTests
{
    [Fact]
    public async Task The_models_of_every_GPU_stage_are_those_that_its_measurements_name()
    {
        var pack = ModelPack.Load(Path.Combine(ApiHost.Repository(), "models", "demo"));
        await using var models = new ModelCatalog(pack, InferenceRuntime.TryCreate(new InferenceOptions(), out var none), none, new ModelCatalogOptions(), TimeProvider.System);
        var folder = Directory.CreateTempSubdirectory("medgen-stages-").FullName;
        try
        {
            var tools = new MediaTools(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), new MediaToolOptions());
            var (video, clip) = StandardStages.Create(tools, new DirectoryMediaStore(Path.Combine(folder, "m"), Path.Combine(folder, "t")), models, _ => null!, [], folder);

            var named = video.Select(stage => (stage.Id, stage.Needs, stage.ModelVersion)).Concat(clip.Where(stage => stage.Needs == Resource.Gpu).Select(stage => (stage.Id, stage.Needs, stage.ModelVersion)))
                .Where(stage => stage.Needs == Resource.Gpu).ToDictionary(stage => stage.Id, stage => stage.ModelVersion.Split('+').Select(model => model.Split('@')[0]).ToList());

            Assert.Equal(named.Keys.Order(), StageMemory.Roles.Keys.Order());
            Assert.All(named, stage => Assert.Equal(stage.Value, StageMemory.Roles[stage.Key]));
            Assert.All(named.Keys, stage => Assert.True(new StageMemory(pack).Of(stage) > 0));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_stage_without_models_needs_no_memory() => Assert.Equal(0, new StageMemory(ModelPack.Load(Path.Combine(ApiHost.Repository(), "models", "demo"))).Of(StageId.Cut));
}

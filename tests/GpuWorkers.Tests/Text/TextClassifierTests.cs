using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Screening;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;
using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.GpuWorkers.Tests.Text;

public sealed class TextClassifierTests
{
    [RuntimeFact]
    public async Task The_demo_pack_tells_a_ward_from_a_stage()
    {
        await using var catalog = Catalog(ModelPack.Load(Repository.DemoPack));
        ITextClassifier classifier = new TextClassifier(catalog);

        var scores = await classifier.ScoreAsync(
            [
                ScreeningText.Of("Laparoscopic appendectomy step by step", "Surgical technique for residents."),
                ScreeningText.Of("Heart of Gold (guitar cover)", "Lyrics and chords, live at the festival."),
                ScreeningText.Of("Chest X-ray interpretation for medical students", null),
                ScreeningText.Of("Chicken liver curry recipe", "Fry the onions in butter."),
            ], CancellationToken.None);

        Assert.Equal([true, false, true, false], scores.Select(score => score > 0.5));
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
        Assert.True(classifier.IsDemo);
        Assert.Matches(@"^text-embedder@demo:[0-9a-f]{8}\.[0-9a-f]{8}\+text-classifier@demo:[0-9a-f]{8}$", classifier.Version);
    }

    [RuntimeFact]
    public async Task The_text_roles_of_the_demo_pack_verify()
    {
        var checks = ModelPack.Load(Repository.DemoPack).Verify(Runtime.Instance).ToDictionary(check => check.Role);

        Assert.Equal((RoleStatus.Ok, RoleStatus.Ok), (checks[ModelRoles.TextEmbedder].Status, checks[ModelRoles.TextClassifier].Status));
        await Task.CompletedTask;
    }

    [RuntimeFact]
    public async Task A_head_for_other_vectors_than_the_embedders_is_refused()
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Repository.DemoPack))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        // The aesthetic head reads vectors of 768 values.
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.At("manifest.json")))!;
        manifest["roles"]![ModelRoles.TextClassifier] = manifest["roles"]![ModelRoles.Aesthetic]!.DeepClone();
        File.WriteAllText(folder.At("manifest.json"), manifest.ToJsonString());
        await using var catalog = Catalog(ModelPack.Load(folder.Path));

        Assert.Contains("takes embeddings of 768 values where ", Assert.Throws<ModelException>(() => new TextClassifier(catalog)).Message);
        Assert.Equal(RoleStatus.WrongShape, catalog.Pack.Verify(null).Single(check => check.Role == ModelRoles.TextClassifier).Status);
    }

    [RuntimeFact]
    public async Task A_cancelled_call_gives_no_scores()
    {
        await using var catalog = Catalog(ModelPack.Load(Repository.DemoPack));
        var classifier = new TextClassifier(catalog);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifier.ScoreAsync(["a", "b"], new CancellationToken(canceled: true)));
    }

    private static ModelCatalog Catalog(ModelPack pack) => new(pack, Runtime.Instance, null, new(), TimeProvider.System);
}

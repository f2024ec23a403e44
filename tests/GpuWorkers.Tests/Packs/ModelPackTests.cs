using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Packs;

public sealed class ModelPackTests
{
    private static readonly (string, string)[] TwoRoles = [(ModelRoles.ClipVision, "clip_vision.onnx"), (ModelRoles.FrameClassifier, "frame_classifier.onnx")];

    [Fact]
    public void Reads_roles_ports_and_origin_and_ignores_unknown_fields()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, TwoRoles);

        Assert.Equal(("tiny", true), (pack.Name, pack.IsDemo));
        var entry = pack[ModelRoles.ClipVision];
        Assert.Equal("pixel_values float32[N,3,224,224]", Assert.Single(entry.Inputs).ToString());
        Assert.Equal([768], Assert.Single(entry.Outputs).FixedItemShape!);
        Assert.Equal("MIT", entry.Licence);
        Assert.Equal("clip-vision@tiny:18c98f17", pack.VersionOf(entry));
    }

    [Fact]
    public void A_role_that_the_pack_lacks_is_named_together_with_those_it_has()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<ModelException>(() => TinyModels.WritePack(folder, TwoRoles)[ModelRoles.Musiq]);
        Assert.Contains("musiq", error.Message);
        Assert.Contains("clip-vision, frame-classifier", error.Message);
    }

    [Fact]
    public void A_folder_without_a_manifest_is_not_a_pack()
    {
        using var folder = new TempFolder();
        Assert.Contains("manifest.json is missing", Assert.Throws<ModelException>(() => ModelPack.Load(folder.Path)).Message);
        Assert.Contains("manifest.json is missing", Assert.Throws<ModelException>(() => ModelPack.Load(folder.At("nowhere"))).Message);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "not an object")]
    [InlineData("{\"name\":\"x\"}", "no object \"roles\"")]
    [InlineData("{\"name\":\"x\",\"roles\":{\"dino\":{\"file\":\"a\"}}}", "role dino, file a has no number \"bytes\"")]
    [InlineData("{\"name\":\"x\",\"roles\":{\"dino\":{\"file\":\"a\",\"bytes\":1,\"sha256\":\"zz\"}}}", "not 64 hexadecimal digits")]
    [InlineData("{\"name\":\"x\",\"roles\":{\"dino\":{\"file\":\"../a\",\"bytes\":1}}}", "outside of the pack's folder")]
    [InlineData("{\"name\":\"x\",\"roles\":{\"dino\":3}}", "role dino is not an object")]
    public void A_broken_manifest_is_refused_with_its_place(string json, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("manifest.json"), json);
        Assert.Contains(expected, Assert.Throws<ModelException>(() => ModelPack.Load(folder.Path)).Message);
    }

    [RuntimeFact]
    public void A_pack_that_is_as_its_manifest_says_verifies()
    {
        using var folder = new TempFolder();
        var checks = TinyModels.WritePack(folder, TwoRoles).Verify(Runtime.Instance);
        Assert.All(checks, check => Assert.Equal(RoleStatus.Ok, check.Status));
        Assert.Equal([ModelRoles.ClipVision, ModelRoles.FrameClassifier], checks.Select(check => check.Role));
    }

    [Fact]
    public void Each_missing_file_is_reported_and_the_others_are_still_checked()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, TwoRoles);
        File.Delete(folder.At("clip_vision.onnx"));

        var checks = pack.Verify(null);

        Assert.Equal([RoleStatus.Missing, RoleStatus.Ok], checks.Select(check => check.Status));
        Assert.Contains("https://example.org/clip_vision.onnx", checks[0].Sentence);
        Assert.Contains("shapes were not compared", checks[1].Sentence);
    }

    [Fact]
    public void One_changed_byte_and_a_cut_off_file_are_wrong_checksums()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(folder, TwoRoles);
        var bytes = File.ReadAllBytes(folder.At("clip_vision.onnx"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.At("clip_vision.onnx"), bytes);
        File.WriteAllBytes(folder.At("frame_classifier.onnx"), File.ReadAllBytes(folder.At("frame_classifier.onnx"))[..1000]);

        var checks = pack.Verify(null);

        Assert.All(checks, check => Assert.Equal(RoleStatus.WrongChecksum, check.Status));
        Assert.Contains("18c98f17", checks[0].Sentence);
        Assert.Contains("1000 bytes where the manifest says 74577", checks[1].Sentence);
    }

    [RuntimeFact]
    public void A_manifest_that_promises_another_input_than_the_file_has_is_a_wrong_shape()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(
            folder, entries => entries[ModelRoles.Dino]["inputs"] = new[] { new { name = "image", shape = new object[] { "N", 3, "H", "W" } } }, (ModelRoles.Dino, "dino.onnx"));

        var check = Assert.Single(pack.Verify(Runtime.Instance));

        Assert.Equal(RoleStatus.WrongShape, check.Status);
        Assert.Contains("should have the input image float32[N,3,H,W] but has pixel_values", check.Sentence);
    }

    [RuntimeFact]
    public void A_fixed_batch_axis_where_a_free_one_is_promised_is_a_wrong_shape()
    {
        using var folder = new TempFolder();
        var pack = TinyModels.WritePack(
            folder, entries => entries[ModelRoles.Musiq]["inputs"] = new[] { new { name = "image", shape = new object[] { "N", 3, "H", "W" } } }, (ModelRoles.Musiq, "musiq_like.onnx"));
        Assert.Equal(RoleStatus.WrongShape, Assert.Single(pack.Verify(Runtime.Instance)).Status);
    }

    [Fact]
    public void A_model_that_the_pipeline_cannot_use_in_its_role_is_a_wrong_shape()
    {
        using var folder = new TempFolder();
        var check = Assert.Single(TinyModels.WritePack(folder, (ModelRoles.FrameClassifier, "clip_vision.onnx")).Verify(null));
        Assert.Equal(RoleStatus.WrongShape, check.Status);
        Assert.Contains("the pipeline needs one input [N,768]", check.Sentence);
    }

    [RuntimeFact]
    public void A_file_that_is_no_model_is_unreadable()
    {
        using var folder = new TempFolder();
        var junk = "not a model"u8.ToArray();
        var pack = TinyModels.WritePack(folder, entries =>
        {
            File.WriteAllBytes(folder.At("clip_vision.onnx"), junk);
            entries[ModelRoles.ClipVision]["bytes"] = junk.Length;
            entries[ModelRoles.ClipVision]["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(junk));
        }, (ModelRoles.ClipVision, "clip_vision.onnx"));

        var check = Assert.Single(pack.Verify(Runtime.Instance));

        Assert.Equal(RoleStatus.Unreadable, check.Status);
        Assert.Contains("clip_vision.onnx", check.Sentence);
    }
}

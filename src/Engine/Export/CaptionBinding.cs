namespace MedGenCluster.Engine.Export;

/// <summary>Ties a caption to what it was made from, so that a caption can never travel with another clip.</summary>
/// <param name="ClipSha256">Content address of the clip that the captioner saw, lower-case hexadecimal.</param>
/// <param name="FrameTimes">Times of the frames that the captioner saw, seconds from the clip's start.</param>
/// <param name="PromptSha256">SHA-256 of the prompt with its metadata filled in.</param>
/// <param name="Model">The captioner.</param>
/// <param name="Value">The binding that was stored with the caption.</param>
public sealed record CaptionBinding(
    string ClipSha256, IReadOnlyList<double> FrameTimes, string PromptSha256, string Model, string Value)
{
    /// <inheritdoc cref="Curation.Stages.Caption.CaptionBinding.Compute"/>
    public static string Compute(
        string clipSha256, IReadOnlyList<double> frameTimes, string promptSha256, string model, string briefCaption, string detailedCaption) =>
        Curation.Stages.Caption.CaptionBinding.Compute(clipSha256, frameTimes, promptSha256, model, briefCaption, detailedCaption);

    /// <summary>The binding that a clip's own inputs and texts give.</summary>
    public static string Compute(ExportClip clip) => clip.Binding is { } b
        ? Compute(b.ClipSha256, b.FrameTimes, b.PromptSha256, b.Model, clip.BriefCaption, clip.DetailedCaption)
        : "";
}

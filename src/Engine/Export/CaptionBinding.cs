using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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
    /// <summary>The binding of a caption: SHA-256 over its inputs and its two texts, lower-case hexadecimal. Every part is preceded by
    /// its length, so that no two different inputs share a text; frame times count in whole milliseconds.</summary>
    public static string Compute(
        string clipSha256, IReadOnlyList<double> frameTimes, string promptSha256, string model, string briefCaption, string detailedCaption)
    {
        var times = string.Join(',', frameTimes.Select(t =>
            Math.Round(t * 1000, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture)));
        var text = new StringBuilder("caption-binding-1\n");
        foreach (var part in (string[])[clipSha256, times, promptSha256, model, briefCaption, detailedCaption])
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:{part}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The binding that a clip's own inputs and texts give.</summary>
    public static string Compute(ExportClip clip) => clip.Binding is { } b
        ? Compute(b.ClipSha256, b.FrameTimes, b.PromptSha256, b.Model, clip.BriefCaption, clip.DetailedCaption)
        : "";
}

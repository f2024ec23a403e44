using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Curation.Captioning;

/// <summary>The prompts of the captioning model.</summary>
public static class CaptionPrompt
{
    /// <summary>Frames that the prompt speaks of (arXiv 2507.05675, caption prompt).</summary>
    public const int FrameCount = 8;

    /// <summary>Asks for the brief caption, given the detailed one. The paper prints no prompt for it; this one is ours.</summary>
    private const string BriefTask =
        "Summarise this description of a short medical video clip in one plain sentence of at most 25 words. "
        + "Name only what the description says is shown. Answer with the sentence alone.\n\nDescription: ";

    /// <summary>Changes whenever the fixed text of a prompt does: 16 hexadecimal digits.</summary>
    public static string Hash { get; } = HashOf(Detailed("", "", "") + "\n" + BriefTask);

    /// <summary>The prompt for the detailed caption, word for word as arXiv 2507.05675 prints it.</summary>
    public static string Detailed(string title, string description, string transcript) =>
        "The provided images are sampled from a medical video clip (8 evenly spaced frames). This clip is taken from a video with the following metadata:"
        + $"\n\nVideo Title: {title} Video Description: {description} The transcript of this medical clip is as follows: {transcript}"
        + "\n\nUsing the visual content of the clip, along with the title, description, and transcript, please generate a clear, detailed, and accurate "
        + "description of what is shown in this clip. Focus on visible scenes, actions, and medical elements, including any procedures, instruments, "
        + "or clinical interactions shown.";

    public static string Brief(string detailedCaption) => BriefTask + detailedCaption;

    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

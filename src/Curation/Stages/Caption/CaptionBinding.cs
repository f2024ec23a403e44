using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Curation.Stages.Caption;

/// <summary>Ties a caption to what it was made from, so that a caption can never travel with another clip.</summary>
public static class CaptionBinding
{
    /// <summary>SHA-256, lower-case hexadecimal, over the clip's address, the frame times in whole milliseconds, the prompt, the model and the two texts. Every part is
    /// preceded by its length, so that no two different inputs give one text.</summary>
    public static string Compute(
        string clipSha256, IReadOnlyList<double> frameTimes, string promptHash, string model, string brief, string detailed)
    {
        var times = string.Join(',', frameTimes.Select(time => Math.Round(time * 1000, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture)));
        var text = new StringBuilder("caption-binding-1\n");
        foreach (var part in (string[])[clipSha256, times, promptHash, model, brief, detailed])
        {
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:{part}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

namespace MedGenCluster.Engine.Export;

/// <summary>Which clips may be exported, judged without reading a blob.</summary>
internal static class ClipAdmission
{
    /// <summary>Why a clip is refused, or null.</summary>
    public static ExportLeftOut? Refuse(ExportClip clip, Func<ExportClip, string> computeBinding)
    {
        if (!ExportLayout.IsSafe(clip.Id.Value))
            return Out(LeftOutReason.UnsafeId, "The clip id cannot name a file.");
        if (clip.BriefCaption.Length == 0 && clip.DetailedCaption.Length == 0)
            return Out(LeftOutReason.NoCaption, "The clip has no caption.");
        if (clip.Binding is not { } binding)
            return Out(LeftOutReason.NoCaption, "Nothing says what the caption was made from.");
        if (!string.Equals(binding.ClipSha256, clip.Media.Sha256, StringComparison.Ordinal))
            return Out(LeftOutReason.CaptionBindingMismatch, $"The caption was made from blob {binding.ClipSha256}, the clip is {clip.Media.Sha256}.");
        if (!string.Equals(binding.Model, clip.CaptionModel, StringComparison.Ordinal))
            return Out(LeftOutReason.CaptionBindingMismatch, $"The binding names captioner '{binding.Model}', the clip '{clip.CaptionModel}'.");
        return string.Equals(computeBinding(clip), binding.Value, StringComparison.Ordinal)
            ? null
            : Out(LeftOutReason.CaptionBindingMismatch, "The caption or what it was made from has changed since it was bound.");

        ExportLeftOut Out(LeftOutReason reason, string detail) => new(clip.Id, reason, detail);
    }

    /// <summary>Sorts by id and splits into admitted and refused; of a repeated id the clip with the smallest content address stays.</summary>
    public static (List<ExportClip> Admitted, List<ExportLeftOut> Refused) Split(IEnumerable<ExportClip> clips, Func<ExportClip, string> computeBinding)
    {
        var (admitted, refused) = (new List<ExportClip>(), new List<ExportLeftOut>());
        string? previous = null;
        foreach (var clip in clips.OrderBy(c => c.Id.Value, StringComparer.Ordinal).ThenBy(c => c.Media.Sha256, StringComparer.Ordinal))
        {
            if (clip.Id.Value == previous)
                refused.Add(new(clip.Id, LeftOutReason.RepeatedId, "The source gave this id more than once."));
            else if (Refuse(clip, computeBinding) is { } refusal)
                refused.Add(refusal);
            else
                admitted.Add(clip);
            previous = clip.Id.Value;
        }

        return (admitted, refused);
    }
}

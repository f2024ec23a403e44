namespace MedGenCluster.Curation.Duplicates;

/// <summary>Perceptual hashes of one frame: of the whole picture and of two central windows, so that a picture that was cropped by
/// up to 5 % a side matches the window of the one that was not.</summary>
/// <param name="Whole">The whole picture.</param>
/// <param name="Inner95">The central 95 % of width and height.</param>
/// <param name="Inner90">The central 90 %.</param>
public readonly record struct FrameHash(ulong Whole, ulong Inner95, ulong Inner90);

/// <summary>One sampled frame of a clip.</summary>
/// <param name="Seconds">Time from the start of the clip.</param>
/// <param name="Hash">Its hashes.</param>
public readonly record struct HashedFrame(double Seconds, FrameHash Hash);

namespace MedGenCluster.Curation.Transcripts;

/// <summary>A piece of speech on a video's timeline.</summary>
/// <param name="StartSeconds">Seconds from the beginning of the video, at least 0.</param>
/// <param name="EndSeconds">Seconds, greater than <paramref name="StartSeconds"/>.</param>
/// <param name="Text">Plain text on one line: no tags, no entities, single spaces; never empty.</param>
public sealed record Cue(double StartSeconds, double EndSeconds, string Text);

namespace MedGenCluster.Curation.Quality;

/// <summary>Which frames of a video the two DOVER branches see (VQAssessment/DOVER dover/datasets/dover_datasets.py,
/// UnifiedFrameSampler with the settings of dover.yml).</summary>
public static class DoverFrameIndices
{
    /// <summary>Frames of one view of a clip.</summary>
    public const int Length = 32;

    /// <summary>Technical clips of a video.</summary>
    public const int Clips = 3;

    private const int Interval = 2;

    /// <summary>Technical frames, [3 clips * 32]: every second frame from a random start within each third of the video, wrapping
    /// around at its end.</summary>
    /// <param name="frames">Frames of the video, at least 1.</param>
    /// <param name="nextBelow">Draws from [0, bound); called once for each clip, and not at all where there is no choice.</param>
    public static int[] Technical(int frames, Func<int, int> nextBelow)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        var slot = frames / Clips;
        var room = slot - Length * Interval;
        var indices = new int[Clips * Length];
        for (var clip = 0; clip < Clips; clip++)
        {
            var start = clip * slot + (room > 0 ? nextBelow(room) : 0);
            for (var t = 0; t < Length; t++)
                indices[clip * Length + t] = (start + Interval * t) % frames;
        }

        return indices;
    }

    /// <summary>Aesthetic frames, [32]: one at random from each 1/32 of the video; frame 0 throughout below 32 frames.</summary>
    /// <param name="frames">Frames of the video, at least 1.</param>
    /// <param name="nextBelow">Draws from [0, bound); called once for each index, and not at all where there is no choice.</param>
    public static int[] Aesthetic(int frames, Func<int, int> nextBelow)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        var slot = frames / Length;
        var room = slot - Interval;
        var indices = new int[Length];
        for (var t = 0; t < Length; t++)
            indices[t] = (t * slot + (room > 0 ? nextBelow(room) : 0)) % frames;
        return indices;
    }
}

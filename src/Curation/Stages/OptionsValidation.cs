namespace MedGenCluster.Curation.Stages;

/// <summary>Checks a job's options before anything starts; all errors at once.</summary>
public static class OptionsValidation
{
    /// <summary>One sentence for each option that cannot be used, naming the option as users write it.</summary>
    public static IReadOnlyList<string> Validate(this CurationOptions options)
    {
        var errors = new List<string>();
        Range("probe.minShortSide", options.Probe.MinShortSide, 1, 8192);
        Range("probe.maxLongSide", options.Probe.MaxLongSide, options.Probe.MinShortSide, 65536);
        Range("probe.minDurationSeconds", options.Probe.MinDurationSeconds, 0, 86400);
        Range("segment.tau", options.Segment.Tau, -1, 1);
        Range("segment.minMedicalProbability", options.Segment.MinMedicalProbability, 0, 1);
        Range("segment.minSeconds", options.Segment.MinSeconds, 1, 3600);
        if (options.Segment.MaxSeconds != 0)
        {
            Range("segment.maxSeconds", options.Segment.MaxSeconds, options.Segment.MinSeconds, 36000);
        }

        Range("cut.width", options.Cut.Width, 16, 8192);
        Range("cut.height", options.Cut.Height, 16, 8192);
        if (options.Cut.Width % 2 != 0 || options.Cut.Height % 2 != 0)
        {
            errors.Add($"cut.width and cut.height must be even for yuv420p, not {options.Cut.Width}x{options.Cut.Height}.");
        }

        Range("cut.crf", options.Cut.Crf, 0, 51);
        Range("borders.minThickness", options.Borders.MinThickness, 1, 4096);
        Range("subtitles.maxWords", options.Subtitles.MaxWords, 0, 100000);
        Range("subtitles.minConfidence", options.Subtitles.MinConfidence, 0, 100);
        Range("aesthetics.minScore", options.Aesthetics.MinScore, -100, 100);
        Range("technicalQuality.threshold", options.TechnicalQuality.Threshold, 0, 1);
        Range("joint.maxTechnical", options.Joint.MaxTechnical, 0, 1);
        Range("joint.maxAesthetic", options.Joint.MaxAesthetic, -100, 100);
        Range("duplicates.maxDistance", options.Duplicates.MaxDistance, 0, 23);
        return errors;

        void Range(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}; it must lie between {least} and {most}."));
            }
        }
    }
}

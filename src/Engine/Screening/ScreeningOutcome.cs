using MedGenCluster.Curation.Screening;
using MedGenCluster.Engine.Screening.Results;

namespace MedGenCluster.Engine.Screening;

/// <summary>How a screening ended.</summary>
public abstract record ScreeningOutcome
{
    private ScreeningOutcome()
    {
    }

    /// <param name="WasDone">The results were there before; nothing was read again.</param>
    public sealed record Completed(ScreeningReport Report, bool WasDone) : ScreeningOutcome;

    /// <summary>A strict run met trouble.</summary>
    public sealed record Stopped(RowTrouble Trouble, string Input, long Line) : ScreeningOutcome;

    /// <summary>Nothing was read.</summary>
    /// <param name="Message">Names the path or option and says what to do.</param>
    public sealed record Refused(ScreeningRefusal Reason, string Message) : ScreeningOutcome;
}

/// <summary>Why a screening does not begin.</summary>
public enum ScreeningRefusal
{
    InvalidOptions,

    /// <summary>An input is missing or no input is left.</summary>
    InputUnavailable,

    /// <summary>Inputs, options, dictionary or model differ from those of the checkpoint.</summary>
    Changed,

    /// <summary>The folder holds something else, or another process screens into it.</summary>
    OutputUnavailable,
}

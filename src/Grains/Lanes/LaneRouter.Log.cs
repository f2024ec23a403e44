using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Lanes;

internal sealed partial class LaneRouter
{
    [LoggerMessage(LogLevel.Warning, "The lane of {Silo} for {Stage} cannot be reached ({Reason}); its items go elsewhere.")]
    private static partial void LogLane(ILogger logger, string silo, string stage, string reason);

    [LoggerMessage(LogLevel.Error, "The lane of {Silo} for {Stage} hangs on item {Item}: no result within {Limit}.")]
    private static partial void LogHung(ILogger logger, string silo, string stage, long item, TimeSpan limit);

    [LoggerMessage(LogLevel.Error, "Item {Item} is put aside: {Deaths} silos in turn died while they worked on it at {Stage}.")]
    private static partial void LogFatal(ILogger logger, long item, string stage, int deaths);
}

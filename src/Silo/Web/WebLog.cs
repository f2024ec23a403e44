using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Web;

internal static partial class WebLog
{
    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void Surprise(ILogger logger, string method, string path, Exception? exception);

    [LoggerMessage(LogLevel.Warning, "A login with a wrong token from {Address}.")]
    public static partial void WrongToken(ILogger logger, string? address);
}

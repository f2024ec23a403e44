using System.Net;

namespace MedGenCluster.Silo.Web;

/// <summary>How a host is reached.</summary>
public sealed record WebOptions
{
    public const string DefaultListen = "http://127.0.0.1:5600";

    private const int LeastToken = 16;

    /// <summary>Address to listen on: http://ADDRESS:PORT; port 0 takes a free one. Anything but the loopback interface needs a token.</summary>
    public string Listen { get; init; } = DefaultListen;

    /// <summary>File that holds the token, at least 16 characters; null where none is asked for.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Names under which browsers may reach the host, beside the loopback ones and the address that it listens on.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Where traces and metrics go by OTLP; null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Folder of the built dashboard; null for the one beside the program.</summary>
    public string? DashboardFolder { get; init; }

    /// <summary>Event streams at one time, 1 or more.</summary>
    public int MaxStreams { get; init; } = 2000;

    /// <summary>Longest request body, bytes.</summary>
    public long MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>Time that a client has for the headers of a request.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A body that arrives slower than this is cut off after <see cref="BodyGrace"/>, bytes per second.</summary>
    public double MinBodyRate { get; init; } = 240;

    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for requests in flight when the host stops.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the token and checks everything.</summary>
    /// <returns>The token, or null where none is asked for; and one sentence for each thing that is wrong.</returns>
    public (string? Token, IReadOnlyList<string> Errors) Check()
    {
        var errors = new List<string>();
        var address = ListenAddress(errors);
        var token = ReadToken(errors);
        if (address is not null && token is null && TokenFile is null && !IsLoopback(address))
        {
            errors.Add($"--listen {Listen} can be reached from other machines, so it needs a token: write one of at least {LeastToken} characters to a file and name it with --token-file.");
        }

        if (MaxStreams < 1)
        {
            errors.Add($"The number of event streams is {MaxStreams}; it must be at least 1.");
        }

        return (token, errors);
    }

    internal static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private Uri? ListenAddress(List<string> errors)
    {
        if (Uri.TryCreate(Listen, UriKind.Absolute, out var address) && address.Scheme is "http" && address.PathAndQuery == "/" && address.UserInfo.Length == 0
            && (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(address.Host.Trim('[', ']'), out _)))
        {
            return address;
        }

        errors.Add($"--listen takes an address such as {DefaultListen} or http://0.0.0.0:5600, not '{Listen}'.");
        return null;
    }

    private string? ReadToken(List<string> errors)
    {
        if (TokenFile is null)
        {
            return null;
        }

        try
        {
            var token = File.ReadAllText(TokenFile).Trim();
            if (token.Length >= LeastToken && token.All(c => c is > ' ' and < '\u007f'))
            {
                return token;
            }

            errors.Add($"The token in {TokenFile} must be at least {LeastToken} printable characters without spaces.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"The token file {TokenFile} cannot be read: {exception.Message}");
        }

        return null;
    }
}

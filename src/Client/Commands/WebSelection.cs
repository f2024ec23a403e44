using System.CommandLine;
using MedGenCluster.Engine;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Client.Commands;

/// <summary>The options that say how a host is reached.</summary>
internal sealed class WebSelection
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address of the API and the dashboard; anything but the loopback interface needs --token-file.", DefaultValueFactory = _ => WebOptions.DefaultListen, HelpName = "url",
    };

    private readonly Option<string[]> _names = new("--host-name") { Description = "A further name by which browsers may reach the host; repeatable.", HelpName = "name", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _otlp = new("--otlp-endpoint") { Description = "Where traces and metrics go by OTLP over HTTP.", HelpName = "url" };

    public void AddTo(Command command)
    {
        command.Options.Add(_listen);
        command.Options.Add(_names);
        command.Options.Add(_otlp);
    }

    /// <exception cref="UsageException">An option cannot be used.</exception>
    public WebOptions Read(ParseResult parsed)
    {
        Uri? otlp = null;
        if (parsed.GetValue(_otlp) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https")))
        {
            throw new UsageException($"--otlp-endpoint takes an address such as http://127.0.0.1:4318, not '{text}'.");
        }

        return new WebOptions { Listen = parsed.GetValue(_listen)!, HostNames = parsed.GetValue(_names) ?? [], OtlpEndpoint = otlp, TokenFile = parsed.GetValue(Shared.TokenFile) };
    }

    /// <summary>Starts to listen and says where.</summary>
    public static async Task<HostSession> StartAsync(CurationHost host, IEngine engine, WebOptions options, Output output)
    {
        var session = await HostSession.StartAsync(host, engine, options, TimeProvider.System, new ErrorLog());
        output.Value(new { Type = "listening", session.Address, session.TokenRequired });
        output.Line($"dashboard: {session.Address}{(session.TokenRequired ? " (log in with the token)" : "")}");
        return session;
    }
}

using System.Diagnostics;
using MedGenCluster.Services;

namespace MedGenCluster.AzureStorage.Tests.Services;

/// <summary>A process of its own that starts a server, says where it is, and waits to be killed.</summary>
internal static class ServerChild
{
    private const string Mode = "server-child";

    public static async Task<int> Main(string[] args)
    {
        if (args is not [Mode, var kind])
        {
            return 2;
        }

        var connection = kind == "postgres" ? (await PostgresServer.StartAsync(durable: false)).ConnectionString : (await AzuriteServer.StartAsync()).ConnectionString;
        Console.WriteLine(connection);
        await Console.In.ReadLineAsync();
        return 0;
    }

    /// <param name="temporary">Where the child's server makes its folder.</param>
    /// <returns>The child and the connection string of its server.</returns>
    public static async Task<(Process Child, string Connection)> StartAsync(string kind, string temporary)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(ServerChild).Assembly.Location, Mode, kind })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TMPDIR"] = temporary;
        var child = Process.Start(start)!;
        return (child, await child.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The child did not start its server."));
    }
}

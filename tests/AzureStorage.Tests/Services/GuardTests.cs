using System.Net.Sockets;
using System.Text.RegularExpressions;
using MedGenCluster.Services;

namespace MedGenCluster.AzureStorage.Tests.Services;

/// <summary>Servers that a test starts do not outlive it, however it ends.</summary>
public sealed partial class GuardTests
{
    [AzuriteFact]
    public Task An_Azurite_ends_with_the_process_that_started_it_and_leaves_nothing() => EndsWithItsStarterAsync("azurite");

    [PostgresFact]
    public Task A_PostgreSQL_ends_with_the_process_that_started_it_and_leaves_nothing() => EndsWithItsStarterAsync("postgres");

    private static async Task EndsWithItsStarterAsync(string kind)
    {
        // PostgreSQL's own user must be able to enter it.
        var temporary = Directory.CreateTempSubdirectory("medgen-guard-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary.FullName, (UnixFileMode)0b111_101_101);
        }

        try
        {
            var (child, connection) = await ServerChild.StartAsync(kind, temporary.FullName);
            using (child)
            {
                var port = int.Parse(Port().Match(connection).Groups[1].Value);
                Assert.True(await AnswersAsync(port));
                Assert.NotEmpty(temporary.EnumerateDirectories("medgen-*"));

                child.Kill();
                await child.WaitForExitAsync();

                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                while (temporary.EnumerateDirectories("medgen-*").Any())
                {
                    await timer.WaitForNextTickAsync(patience.Token);
                }

                Assert.False(await AnswersAsync(port));
            }
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"(?:Port=|127\.0\.0\.1:)(\d+)")]
    private static partial Regex Port();
}

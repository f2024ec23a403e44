using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>A way to a server that breaks at commits: just before they arrive, or just before their answer does.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly int _server;
    private readonly Task _accepting;
    private int _cuts;
    private bool _arrives;

    public CuttingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    /// <summary>Breaks at the next commits.</summary>
    /// <param name="arrives">Whether the server gets them.</param>
    public void CutAtCommits(int times, bool arrives) => (_cuts, _arrives) = (times, arrives);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _closing.Token);
            var cut = new TaskCompletionSource();
            var (there, back) = (ThereAsync(client.GetStream(), server.GetStream(), cut), BackAsync(server.GetStream(), client.GetStream(), cut.Task));
            await Task.WhenAny(there, back);
        }
    }

    private async Task ThereAsync(NetworkStream from, NetworkStream to, TaskCompletionSource cut)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, _closing.Token) is var read and > 0)
            {
                var cuts = buffer.AsSpan(0, read).IndexOf(Commit) >= 0 && _cuts > 0;
                if (cuts)
                {
                    _cuts--;
                    if (!_arrives)
                    {
                        return;
                    }

                    cut.SetResult();
                }

                await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
                if (cuts)
                {
                    // Its answer is what ends the way back.
                    await Task.Delay(Timeout.InfiniteTimeSpan, _closing.Token);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }

    private async Task BackAsync(NetworkStream from, NetworkStream to, Task cut)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, _closing.Token) is var read and > 0 && !cut.IsCompleted)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }
}

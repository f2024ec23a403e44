using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.AzureStorage.Tests.Support;

/// <summary>Stands before a server and breaks all connections after so many bytes from the clients, as when their machine dies. New ones are refused then.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly int _target;
    private long _left;

    public CuttingProxy(int target, long bytes)
    {
        (_target, _left) = (target, bytes);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool HasCut => _cut.IsCancellationRequested;

    public void Dispose()
    {
        _cut.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        using var registration = _cut.Token.Register(_listener.Stop);
        while (!_cut.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_cut.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _cut.Token);
                await Task.WhenAny(CopyAsync(client, server, counted: true), CopyAsync(server, client, counted: false));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // Cut.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool counted)
    {
        var buffer = new byte[1 << 14];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _cut.Token) is > 0 and var read)
            {
                if (counted && Interlocked.Add(ref _left, -read) < 0)
                {
                    await _cut.CancelAsync();
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _cut.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Cut, or one side is gone.
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.Services;

/// <summary>Ports of 127.0.0.1 for servers that must come back under the same one.</summary>
public static class FreePort
{
    // Below what Linux gives to outgoing connections (32768 up), so that nobody takes the port of a server that is down for a moment.
    private const int First = 20_000;
    private const int Count = 9_000;

    private static int _next = Environment.ProcessId * 37 % Count;

    /// <summary>A port that nobody listens on now. Another process may be quicker: whoever uses it tries the next one then.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may be free.
            }
        }

        throw new ServiceException($"No port from {First} to {First + Count} is free.");
    }
}

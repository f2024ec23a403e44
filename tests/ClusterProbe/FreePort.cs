using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.ClusterProbe;

/// <summary>Ports for silos of this machine, below those that the system gives to outgoing connections.</summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Count = 8_000;

    private static int _next = Environment.ProcessId * 41 % Count;

    /// <summary>A port that nobody listens on now.</summary>
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

        throw new InvalidOperationException($"No port from {First} to {First + Count} is free.");
    }
}

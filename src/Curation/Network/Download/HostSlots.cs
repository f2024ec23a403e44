namespace MedGenCluster.Curation.Network.Download;

/// <summary>Bounds how many transfers from one host run at once. A host without transfers takes no room.</summary>
internal sealed class HostSlots(int perHost)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    /// <summary>Waits for a place, first come, first served; disposing it gives it back.</summary>
    public async Task<IDisposable> EnterAsync(string name, CancellationToken cancellationToken)
    {
        Host host;
        lock (_lock)
        {
            if (!_hosts.TryGetValue(name, out host!))
            {
                _hosts[name] = host = new Host(perHost);
            }

            host.Users++;
        }

        try
        {
            await host.Places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(name, host);
            throw;
        }

        return new Place(this, name, host);
    }

    private void Leave(string name, Host host)
    {
        lock (_lock)
        {
            if (--host.Users == 0)
            {
                _hosts.Remove(name);
            }
        }
    }

    private sealed class Host(int places)
    {
        public SemaphoreSlim Places { get; } = new(places);

        /// <summary>Those who have a place and those who wait for one.</summary>
        public int Users { get; set; }
    }

    private sealed class Place(HostSlots slots, string name, Host host) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                host.Places.Release();
                slots.Leave(name, host);
            }
        }
    }
}

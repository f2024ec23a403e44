using MedGenCluster.Engine;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Operations;
using MedGenCluster.Silo.Web.Pictures;

namespace MedGenCluster.Silo.Running;

/// <summary>A host at work: its ledger and engine, and what its pages read.</summary>
/// <param name="engine">The engine of this process; null where another one works on the directory.</param>
public sealed class RunningHost(CurationHost host, IEngine? engine, TimeProvider time) : IAsyncDisposable
{
    private readonly OperationBook _operations = new(time);
    private readonly ClipIndex _index = new(host.Ledger);
    private readonly ClipPictures _pictures = new(host.Tools, Path.Combine(host.Data.Root, "thumbs"));
    private readonly CancellationTokenSource _stopping = new();
    private Task _warming = Task.CompletedTask;

    public CurationHost Host => host;

    public ILedger Ledger => host.Ledger;

    public IEngine? Engine => engine;

    public TimeProvider Time => time;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Where the host is reached; empty before it listens.</summary>
    public string Address { get; internal set; } = "";

    public bool TokenRequired { get; internal set; }

    public OperationBook Operations => _operations;

    public ClipIndex Index => _index;

    public AuditBook Audits => new(host.Ledger, _index);

    public ClipPictures Pictures => _pictures;

    /// <summary>Why work stands still, or null.</summary>
    public string? Blocked => engine?.Blocked ?? host.Ledger.Stalled;

    /// <summary>Reads the clip index in the background, so that the first page does not wait for it.</summary>
    public void Warm() => _warming = Task.Run(() => _index.RefreshAsync(_stopping.Token));

    /// <summary>Tells whoever works on the directory to look at its jobs again.</summary>
    public void Wake()
    {
        host.WakeWorkers();
        if (engine is not null)
        {
            engine.Wake();
        }
        else
        {
            host.WakeOthers();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _operations.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _warming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _index.Dispose();
        _pictures.Dispose();
        _stopping.Dispose();
    }
}

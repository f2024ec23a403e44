using System.Text;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Simulation;

/// <summary>Writes what a silo's stages do to a file of its own, a line each: <c>milliseconds begin|end silo stage item</c>. A line is with the system at once, so that it outlives
/// a silo that is killed.</summary>
public sealed class FileWatch(string folder, string silo) : IStageWatch, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(Path.Combine(folder, silo + Extension), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public const string Extension = ".trace";

    public void Began(StageId stage, string item) => Write("begin", stage, item);

    public void Ended(StageId stage, string item) => Write("end", stage, item);

    public void Dispose() => _file.Dispose();

    private void Write(string what, StageId stage, string item)
    {
        var line = Encoding.UTF8.GetBytes($"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {what} {silo} {stage.Name()} {item}\n");
        lock (_lock)
        {
            _file.Write(line);
        }
    }
}

namespace MedGenCluster.Engine.Screening;

/// <summary>A file that takes its name only when it is whole and on the disk.</summary>
internal sealed class DurableFile : IDisposable
{
    private const string Suffix = ".tmp";

    private readonly string _path;
    private readonly FileStream _file;

    public DurableFile(string path)
    {
        _path = path;
        _file = new FileStream(path + Suffix, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
    }

    public Stream Stream => _file;

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new DurableFile(path);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Makes the bytes durable and gives the file its name, in place of an earlier one.</summary>
    public void Commit()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_path + Suffix, _path, overwrite: true);
    }

    /// <summary>Without a commit the temporary file stays and is overwritten by the next run.</summary>
    public void Dispose() => _file.Dispose();
}

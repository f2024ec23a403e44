using System.Globalization;

namespace MedGenCluster.AzureStorage;

/// <summary>A folder for this process's unfinished files beside those of other processes. What dead ones left is removed; what living ones write is not touched.</summary>
internal sealed class IncomingFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _path;
    private readonly FileStream _lock;
    private long _next;

    private IncomingFolder(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <param name="root">Holds one folder for each process, <c>0</c>, <c>1</c> and so on.</param>
    public static IncomingFolder Take(string root)
    {
        IncomingFolder? taken = null;
        for (var number = 0; taken is null || Directory.Exists(At(root, number)); number++)
        {
            var path = At(root, number);
            Directory.CreateDirectory(path);
            if (TryLock(path) is not { } held)
            {
                continue;
            }

            RemoveFiles(path);
            if (taken is null)
            {
                taken = new IncomingFolder(path, held);
            }
            else
            {
                held.Dispose();
            }
        }

        return taken;
    }

    /// <summary>A path that no other file of a living process has.</summary>
    public string NewPath(string extension) => Path.Combine(_path, Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture) + extension);

    public void Dispose() => _lock.Dispose();

    private static string At(string root, int number) => Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void RemoveFiles(string path)
    {
        foreach (var file in Directory.EnumerateFiles(path).Where(file => Path.GetFileName(file) != LockName))
        {
            File.Delete(file);
        }
    }
}

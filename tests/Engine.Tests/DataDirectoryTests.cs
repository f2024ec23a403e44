using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests;

/// <summary>The folder of one cluster, and who may work on it.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_absent_folder_is_made_with_all_that_belongs_to_it()
    {
        var data = DataDirectory.Open(_folder["deep/down"]);

        Assert.True(Directory.Exists(data.MediaPath));
        Assert.True(Directory.Exists(data.TemporaryPath));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data.TemporaryPath));
        Assert.True(data.FreeBytes() > 0);
    }

    [Fact]
    public void One_at_a_time_holds_the_lock()
    {
        var data = DataDirectory.Open(_folder.Path);
        using (var held = data.TryLock())
        {
            Assert.NotNull(held);
            Assert.Null(data.TryLock());
            Assert.Null(DataDirectory.Open(_folder.Path).TryLock());
        }

        using var again = data.TryLock();
        Assert.NotNull(again);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_named()
    {
        File.WriteAllText(_folder["data"], "");

        var refusal = Assert.Throws<LedgerException>(() => DataDirectory.Open(_folder["data"]));

        Assert.Contains(_folder["data"], refusal.Message);
        Assert.Contains("--data", refusal.Message);
    }

    [Fact, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_folder_that_cannot_be_written_is_named()
    {
        using var closed = ReadOnlyPlace.Create();

        var refusal = Assert.Throws<LedgerException>(() => DataDirectory.Open(Path.Combine(closed.Path, "data")));

        Assert.Contains("cannot be written", refusal.Message);
        Assert.Contains(Path.Combine(closed.Path, "data"), refusal.Message);
        Assert.Contains("--data", refusal.Message);
    }

    /// <summary>A folder in which nothing can be made: one without the write permission, or, as that does not bind an administrator, the kernel's own.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private sealed class ReadOnlyPlace(string path, TemporaryFolder? own) : IDisposable
    {
        public string Path => path;

        public static ReadOnlyPlace Create()
        {
            if (Environment.IsPrivilegedProcess)
            {
                return new ReadOnlyPlace("/proc/sys", null);
            }

            var own = new TemporaryFolder();
            File.SetUnixFileMode(own.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return new ReadOnlyPlace(own.Path, own);
        }

        public void Dispose()
        {
            if (own is not null)
            {
                File.SetUnixFileMode(own.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
                own.Dispose();
            }
        }
    }
}

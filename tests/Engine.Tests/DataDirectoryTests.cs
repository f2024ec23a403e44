using System.Runtime.Versioning;
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

    [ReadOnlyFoldersFact, UnsupportedOSPlatform("windows")]
    public void A_folder_that_cannot_be_written_is_named()
    {
        DataDirectory.Open(_folder["data"]);
        var closed = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_folder["data/tmp"], closed);
        try
        {
            var refusal = Assert.Throws<LedgerException>(() => DataDirectory.Open(_folder["data"]));

            Assert.Contains("cannot be written", refusal.Message);
            Assert.Contains("--data", refusal.Message);
        }
        finally
        {
            File.SetUnixFileMode(_folder["data/tmp"], closed | UnixFileMode.UserWrite);
        }
    }

    private sealed class ReadOnlyFoldersFactAttribute : FactAttribute
    {
        public ReadOnlyFoldersFactAttribute()
        {
            if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            {
                Skip = "No folder is read-only for the administrator, and Windows keeps no such mode.";
            }
        }
    }
}

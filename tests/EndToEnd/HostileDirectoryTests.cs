using System.Diagnostics;

namespace MedGenCluster.EndToEnd;

/// <summary>Data directories that the whole program cannot use as it would like.</summary>
public sealed class HostileDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_refused_with_its_name_and_what_to_do()
    {
        var closed = Environment.IsPrivilegedProcess ? "/proc/sys/data" : "/data-of-nobody";
        var run = await Medgen.RunAsync("crawl", _folder, "--data", closed);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(closed, run.Error);
        Assert.Contains("--data", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [SmallDiskFact]
    public async Task A_full_disk_makes_work_wait_with_the_reason_and_room_lets_it_go_on()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "not a video.mp4"), "hello");
        // A disk of its own, of 300 MB, in a mount namespace: full at first, then with room again.
        var script =
            """
            set -e
            mkdir -p "$1/disk"
            mount -t tmpfs -o size=300m none "$1/disk"
            head -c 280m /dev/zero >"$1/disk/ballast"
            "$0" crawl "$1" --data "$1/disk/data" >"$1/out" 2>&1 &
            tries=0
            until grep -q "waiting: only" "$1/out"; do tries=$((tries + 1)); [ $tries -lt 600 ] || exit 9; sleep 0.1; done
            rm "$1/disk/ballast"
            wait $! && exit 0 || exit $?
            """;
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "sh", "-c", script, Medgen.Program, _folder]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        var output = await File.ReadAllTextAsync(Path.Combine(_folder, "out"));
        Assert.True(process.ExitCode == 4, $"exit code {process.ExitCode}\n{error}\n{output}");
        Assert.Contains("free some space", output);
        Assert.Contains("failed 1", output);
    }

    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        public SmallDiskFactAttribute()
        {
            try
            {
                using var probe = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
                probe.WaitForExit();
                Skip = probe.ExitCode == 0 ? null : "This machine lets nobody mount a small disk of its own (unshare -rm).";
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Skip = "There is no unshare to mount a small disk with.";
            }
        }
    }
}

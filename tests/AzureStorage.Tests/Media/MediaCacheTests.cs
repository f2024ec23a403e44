using MedGenCluster.AzureStorage.Tests.Support;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.AzureStorage.Tests.Media;

/// <summary>Copies under a limit of bytes.</summary>
public sealed class MediaCacheTests : IDisposable
{
    private const int Size = 1000;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cache-").FullName;
    private readonly SettableTime _time = new();

    public MediaCacheTests() => Directory.CreateDirectory(Copies);

    private string Copies => Path.Combine(_folder, "copies");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_least_recently_used_go_first()
    {
        var cache = Cache(3 * Size);
        Put(cache, 1);
        Put(cache, 2);
        Put(cache, 3);
        _time.Advance(Grace);
        Assert.NotNull(cache.Find(Reference(1)));
        _time.Advance(Grace);

        Put(cache, 4);
        Assert.Equal([1, 3, 4], Present(cache));

        _time.Advance(2 * Grace);
        Put(cache, 5);
        Put(cache, 6);
        Assert.Contains(6, Present(cache));
        Assert.Equal(3, Present(cache).Count);
    }

    [Fact]
    public void What_was_asked_for_a_moment_ago_stays_above_the_limit()
    {
        var cache = Cache(1);
        Put(cache, 1);
        Put(cache, 2);
        _time.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.NotNull(cache.Find(Reference(1)));
        _time.Advance(TimeSpan.FromSeconds(1));

        Put(cache, 3);

        Assert.Equal([1, 3], Present(cache));
    }

    [Fact]
    public void A_file_that_is_open_keeps_its_bytes_when_it_goes()
    {
        var cache = Cache(Size);
        using var reader = File.OpenRead(Put(cache, 1));
        _time.Advance(2 * Grace);

        Put(cache, 2);

        Assert.Equal([2], Present(cache));
        Assert.Equal(Content(1), Read(reader));
    }

    [Fact]
    public void A_second_process_counts_what_the_first_has_put_there()
    {
        Put(Cache(3 * Size), 1);
        Put(Cache(3 * Size), 2);
        Put(Cache(3 * Size), 3);
        _time.Advance(2 * Grace);

        var second = Cache(3 * Size);
        Put(second, 4);

        Assert.Equal(3, Present(second).Count);
        Assert.Contains(4, Present(second));
    }

    [Fact]
    public async Task A_path_that_was_given_out_is_there_while_others_clear_the_folder()
    {
        // Files look old and the limit is one byte, so whoever puts a file removes all that nobody asked for since.
        var (one, other) = (Cache(1), Cache(1));
        using var done = new CancellationTokenSource();
        var clearing = Task.Run(() =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                TryMakeOld(Put(i % 2 == 0 ? one : other, 100 + (i % 20)));
            }
        });

        var found = 0;
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                // The clearing task may have removed it already: then there is nothing to make old.
                var path = Put(one, i % 5);
                TryMakeOld(path);
                if (other.Find(Reference(i % 5)) is { } given)
                {
                    found++;
                    Assert.Equal(Content(i % 5), await File.ReadAllBytesAsync(given));
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await clearing;
        }

        Assert.True(found > 0);
    }

    [Fact]
    public void An_unfinished_file_of_a_living_process_is_left_alone_and_one_of_a_dead_is_not()
    {
        var root = Path.Combine(_folder, "incoming");
        using var living = IncomingFolder.Take(root);
        var dead = IncomingFolder.Take(root);
        var (kept, left) = (living.NewPath(".mp4"), dead.NewPath(".mp4"));
        File.WriteAllText(kept, "a");
        File.WriteAllText(left, "b");
        // Its lock goes with it, as with a process.
        dead.Dispose();

        using var next = IncomingFolder.Take(root);

        Assert.True(File.Exists(kept));
        Assert.False(File.Exists(left));
        Assert.NotEqual(kept, next.NewPath(".mp4"));
    }

    private static MediaRef Reference(int number) => new(number.ToString("x64"), Size);

    private static byte[] Content(int number) => BlobBench.Noise(Size, number);

    private static byte[] Read(Stream stream)
    {
        var bytes = new byte[Size];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void TryMakeOld(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime - (2 * Grace));
        }
        catch (IOException)
        {
            // It is gone.
        }
    }

    private MediaCache Cache(long limit) => new(Copies, limit, Grace, _time);

    private string Put(MediaCache cache, int number)
    {
        var path = Path.Combine(_folder, $"{number}.tmp");
        File.WriteAllBytes(path, Content(number));
        return cache.Put(Reference(number), path);
    }

    private List<int> Present(MediaCache cache) => [.. Enumerable.Range(1, 6).Where(number => cache.Find(Reference(number)) is not null)];
}

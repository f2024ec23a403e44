using System.Collections.Concurrent;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Stages.Caption;

namespace MedGenCluster.Silo.Web.Pictures;

/// <summary>Pictures of clips as files, made when somebody looks and kept: <c>thumbs/SHA-WIDTH-FRAME.jpg</c>. A clip's bytes never change, so a picture never does.</summary>
/// <param name="folder">Where they are kept; the oldest go when the folder holds more than <paramref name="maxBytes"/>.</param>
public sealed class ClipPictures(MediaTools tools, string folder, long maxBytes = 2L << 30) : IDisposable
{
    /// <summary>Few at a time: looking at the gallery must not take the processors from the pipeline.</summary>
    private readonly SemaphoreSlim _slots = new(2);
    private readonly ConcurrentDictionary<string, Lazy<Task<PictureFiles>>> _running = new();
    private int _made;

    /// <summary>Pictures of frames, in their order.</summary>
    /// <param name="sha256">Content address of the clip, 64 hexadecimal digits.</param>
    /// <param name="path">The clip's file.</param>
    /// <param name="frames">Frame numbers, ascending and distinct.</param>
    /// <param name="width">Pixels; the height follows.</param>
    public async Task<PictureFiles> GetAsync(string sha256, string path, IReadOnlyList<int> frames, int width, CancellationToken cancellationToken)
    {
        var files = frames.Select(frame => Path.Combine(folder, $"{sha256}-{width}-{frame}.jpg")).ToList();
        if (files.TrueForAll(File.Exists))
        {
            return new PictureFiles(files, null);
        }

        var key = files[0] + ":" + files.Count;
        var run = _running.GetOrAdd(key, _ => new Lazy<Task<PictureFiles>>(() => RunAsync(key, path, frames, width, files)));
        return await run.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>A run ends by itself, whether or not those who asked for it are still there: its answer is nobody's who asks later.</summary>
    private async Task<PictureFiles> RunAsync(string key, string path, IReadOnlyList<int> frames, int width, List<string> files)
    {
        try
        {
            return await MakeAsync(path, frames, width, files).ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<PictureFiles> MakeAsync(string path, IReadOnlyList<int> frames, int width, List<string> files)
    {
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            // A run that ended between the look at the files and this one has made them.
            if (files.TrueForAll(File.Exists))
            {
                return new PictureFiles(files, null);
            }

            Directory.CreateDirectory(folder);
            var pictures = await JpegFrames.ReadAsync(tools, path, new FrameSampling.Numbers(frames), CancellationToken.None, width).ConfigureAwait(false);
            if (pictures.Trouble is { } trouble)
            {
                return new PictureFiles([], trouble);
            }

            for (var i = 0; i < files.Count; i++)
            {
                var temporary = $"{files[i]}.{Environment.ProcessId}.new";
                await File.WriteAllBytesAsync(temporary, pictures.Files[i].ToArray()).ConfigureAwait(false);
                File.Move(temporary, files[i], overwrite: true);
            }

            if (Interlocked.Increment(ref _made) % 256 == 0)
            {
                Trim();
            }

            return new PictureFiles(files, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PictureFiles([], $"The picture cannot be kept in {folder}: {exception.Message}");
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Trim()
    {
        var files = new DirectoryInfo(folder).GetFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
        var bytes = files.Sum(file => file.Length);
        foreach (var file in files.TakeWhile(_ => bytes > maxBytes))
        {
            bytes -= file.Length;
            file.Delete();
        }
    }
}

/// <param name="Trouble">Why there are none, or null.</param>
public sealed record PictureFiles(IReadOnlyList<string> Paths, string? Trouble);

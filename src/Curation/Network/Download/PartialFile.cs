using System.Text.Json;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>What was said of a file when its first byte came, so that a later process can go on.</summary>
/// <param name="Url">The address that was asked for, before redirects.</param>
/// <param name="ETag">A strong one; null where there was none.</param>
/// <param name="LastModified">As the header reads; null where there was none.</param>
/// <param name="Total">Bytes of the whole file; null where that was not said.</param>
/// <param name="Extension">Of the finished file, from the first bytes; null before they were there.</param>
internal sealed record PartialState(string Url, string? ETag, string? LastModified, long? Total, string? Extension = null)
{
    /// <summary>The validator for If-Range; without one a part cannot be trusted to belong to the file of today.</summary>
    public string? Validator => ETag ?? LastModified;
}

/// <summary>A file under way: <c>media.part</c> and beside it <c>media.part.json</c>; <c>media.EXT</c> once it is complete. The part never holds bytes of
/// another file than the state speaks of, whenever the process is killed.</summary>
internal sealed class PartialFile
{
    private readonly string _folder;
    private readonly string _url;

    private PartialFile(string folder, string url, PartialState? state) => (_folder, _url, State) = (folder, url, state);

    public PartialState? State { get; private set; }

    public string PartPath => Path.Combine(_folder, "media.part");

    private string StatePath => PartPath + ".json";

    /// <summary>The complete file of this URL, where an earlier fetch left it.</summary>
    public FileInfo? Finished =>
        State?.Extension is { } extension && new FileInfo(FinishedPath(extension)) is { Exists: true } file ? file : null;

    /// <summary>Bytes that can be gone on from; 0 where there are none that can be trusted.</summary>
    public long ResumeFrom => State?.Validator is not null && new FileInfo(PartPath) is { Exists: true } part ? part.Length : 0;

    /// <summary>Finds what an earlier fetch of the URL left in the folder; what another left is not used.</summary>
    public static PartialFile Open(string folder, Uri url)
    {
        Directory.CreateDirectory(folder);
        var file = new PartialFile(folder, url.AbsoluteUri, null);
        file.State = file.ReadState();
        return file;
    }

    /// <summary>Forgets the bytes and begins a file.</summary>
    public void Begin(string? eTag, string? lastModified, long? total)
    {
        Drop();
        Write(new PartialState(_url, eTag, lastModified, total));
    }

    /// <summary>Notes what the first bytes are.</summary>
    public void Is(string extension) => Write(State! with { Extension = extension });

    /// <summary>Removes the bytes first, so that no state ever speaks of bytes of another file.</summary>
    public void Drop()
    {
        File.Delete(PartPath);
        File.Delete(StatePath);
        State = null;
    }

    /// <summary>Gives the part, which is complete and flushed, its name.</summary>
    public string Finish()
    {
        var path = FinishedPath(State!.Extension!);
        File.Move(PartPath, path, overwrite: true);
        return path;
    }

    private string FinishedPath(string extension) => Path.Combine(_folder, "media" + extension);

    private PartialState? ReadState()
    {
        try
        {
            var state = JsonSerializer.Deserialize<PartialState>(File.ReadAllBytes(StatePath));
            return state?.Url == _url && (state.Extension is null || MediaSignature.Extensions.Contains(state.Extension)) ? state : null;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    private void Write(PartialState state)
    {
        var temporary = StatePath + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(state));
        File.Move(temporary, StatePath, overwrite: true);
        State = state;
    }
}

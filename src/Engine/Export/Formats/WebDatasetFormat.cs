using System.Formats.Tar;
using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>Tar shards: <c>key.json</c>, <c>key.mp4</c> and <c>key.txt</c> (the detailed caption) for each clip, key being the clip id.
/// Entries carry no time, owner or permissions of this machine, so equal clips give equal bytes.</summary>
internal static class WebDatasetFormat
{
    private const long Block = 512;
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes the shards and returns their number.</summary>
    public static async Task<int> WriteAsync(
        ExportFolder folder, IReadOnlyList<PlacedClip> clips, MetadataRow row, ExportOptions options, Action<int> progress, CancellationToken cancellationToken)
    {
        folder.CreateFolder(ExportLayout.Shards);
        var (shards, next) = (0, 0);
        while (next < clips.Count)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{ExportLayout.Shards}/{shards++:D6}.tar");
            await folder.WriteAsync(name, async stream =>
            {
                await using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
                var (count, bytes) = (0, 2 * Block);
                while (next < clips.Count)
                {
                    var clip = clips[next].Clip;
                    var json = Json.Write(writer => row.Write(writer, clip, clip.Id.Value + ".mp4"));
                    var text = Encoding.UTF8.GetBytes(clip.DetailedCaption.Length > 0 ? clip.DetailedCaption : clip.BriefCaption);
                    var size = Entry(json.Length) + Entry(clip.Media.Length) + Entry(text.Length);
                    if (count > 0 && (count == options.ShardClips || bytes + size > options.ShardBytes))
                        break;

                    await AddAsync(tar, clip.Id.Value + ".json", new MemoryStream(json.ToArray()), cancellationToken);
                    await AddAsync(tar, clip.Id.Value + ".mp4", File.OpenRead(clips[next].Path), cancellationToken);
                    await AddAsync(tar, clip.Id.Value + ".txt", new MemoryStream(text), cancellationToken);
                    (count, bytes) = (count + 1, bytes + size);
                    progress(++next);
                }
            }, cancellationToken);
        }

        return shards;
    }

    private static long Entry(long length) => Block + (length + Block - 1) / Block * Block;

    private static async Task AddAsync(TarWriter tar, string name, Stream data, CancellationToken cancellationToken)
    {
        await using (data)
        {
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = data, ModificationTime = DateTimeOffset.UnixEpoch, Uid = 0, Gid = 0, UserName = "", GroupName = "", Mode = ReadableByAll,
            }, cancellationToken);
        }
    }
}

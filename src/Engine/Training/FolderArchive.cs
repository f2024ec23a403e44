using System.Formats.Tar;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.Engine.Training;

/// <summary>Folders of a training (checkpoints, models) as archives in the media store. The same files make the same archive: it holds no times and no owners.</summary>
internal static class FolderArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <exception cref="IOException">A file cannot be read, or the archive not written.</exception>
    public static async Task<MediaRef> StoreAsync(string folder, IMediaStore media, CancellationToken cancellationToken)
    {
        var path = media.NewTemporaryPath(".tar");
        try
        {
            await using (var file = File.Create(path))
            await using (var archive = new TarWriter(file, TarEntryFormat.Pax))
            {
                foreach (var source in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    await using var content = File.OpenRead(source);
                    var entry = new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(folder, source).Replace('\\', '/'))
                    {
                        DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch, Mode = Readable,
                    };
                    await archive.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }

            return await media.AdoptAsync(path, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Brings a folder back, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written, or the media store has lost it.</exception>
    public static async Task RestoreAsync(MediaRef archive, string folder, IMediaStore media, CancellationToken cancellationToken)
    {
        var source = await media.OpenLocalAsync(archive, cancellationToken).ConfigureAwait(false);
        var partial = folder + ".partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial);
        await TarFile.ExtractToDirectoryAsync(source, partial, overwriteFiles: true, cancellationToken).ConfigureAwait(false);
        Directory.Move(partial, folder);
    }
}

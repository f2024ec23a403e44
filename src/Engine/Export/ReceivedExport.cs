using System.Formats.Tar;

namespace MedGenCluster.Engine.Export;

/// <summary>An export that comes as a tar from another machine. Its folder is there whole, or as it was before.</summary>
public sealed class ReceivedExport : IDisposable
{
    private readonly StagedFolder _staged;

    private ReceivedExport(StagedFolder staged) => _staged = staged;

    /// <summary>Opens the folder, or says why it may not be written.</summary>
    public static (ReceivedExport? Export, ExportError? Error) Open(string folder, bool overwrite)
    {
        var (staged, error) = StagedFolder.Open(folder, overwrite);
        return (staged is null ? null : new ReceivedExport(staged), error);
    }

    /// <summary>Unpacks the archive and gives the folder its name.</summary>
    /// <returns>Null, or why nothing was written: an entry is neither a file nor a folder, or leads out of the folder, or the archive is broken.</returns>
    public async Task<string?> UnpackAsync(Stream tar, CancellationToken cancellationToken)
    {
        try
        {
            var trouble = await ReadAsync(tar, cancellationToken).ConfigureAwait(false);
            if (trouble is null)
            {
                _staged.Commit();
            }

            return trouble;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            return $"the archive is broken: {exception.Message}";
        }
    }

    public void Dispose() => _staged.Dispose();

    private async Task<string?> ReadAsync(Stream tar, CancellationToken cancellationToken)
    {
        var reader = new TarReader(tar, leaveOpen: true);
        await using var closing = reader.ConfigureAwait(false);
        var files = 0;
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (Inside(entry.Name) is not { } path)
            {
                return $"the archive holds {entry.Name}, which leads out of the folder.";
            }

            if (entry.EntryType == TarEntryType.Directory)
            {
                Directory.CreateDirectory(path);
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                return $"the archive holds {entry.Name}, which is neither a file nor a folder.";
            }

            if (File.Exists(path))
            {
                return $"the archive holds {entry.Name} twice.";
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = new FileStream(path, FileMode.CreateNew);
            await using var closingFile = file.ConfigureAwait(false);
            await (entry.DataStream ?? Stream.Null).CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            files++;
        }

        return files == 0 ? "the archive is empty." : File.Exists(Path.Combine(_staged.Path, ExportLayout.Report)) ? null : $"the archive ends before {ExportLayout.Report}.";
    }

    private string? Inside(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_staged.Path, name));
        return !Path.IsPathRooted(name) && path.StartsWith(_staged.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }
}

using System.IO.Compression;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>The uncompressed bytes of a file, forward only.</summary>
internal sealed class CandidateStream(Stream stream) : IDisposable
{
    /// <summary>True once the archive has ended early or proved damaged; what came before is whole.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Recognises gzip by its first bytes, whatever the name.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static CandidateStream Open(string path)
    {
        // Blocks are read whole; a buffer of the stream's own would copy every byte once more.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
            file.Position = 0;
            return new CandidateStream(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer; fewer bytes mean the end.</summary>
    public int Fill(Span<byte> buffer)
    {
        var count = 0;
        try
        {
            while (count < buffer.Length && !IsTruncated && stream.Read(buffer[count..]) is > 0 and var read)
            {
                count += read;
            }
        }
        catch (InvalidDataException)
        {
            IsTruncated = true;
        }

        return count;
    }

    /// <summary>Goes forward by a number of bytes; by seeking where the file is plain.</summary>
    public void Skip(long count)
    {
        if (stream.CanSeek)
        {
            stream.Position += count;
            return;
        }

        var scratch = new byte[64 * 1024];
        while (count > 0 && Fill(scratch.AsSpan(0, (int)Math.Min(count, scratch.Length))) is > 0 and var skipped)
        {
            count -= skipped;
        }
    }

    public void Dispose() => stream.Dispose();
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Engine.Export;

/// <summary>A folder being written; remembers the SHA-256 of every file in it.</summary>
internal sealed class ExportFolder(string root, IExportFiles files)
{
    private readonly ConcurrentDictionary<string, string> _sha256ByPath = new(StringComparer.Ordinal);

    public string FullPath(string relativePath) => Path.Combine(root, relativePath);

    public void CreateFolder(string relativePath) => Directory.CreateDirectory(FullPath(relativePath));

    /// <summary>Writes a file and makes its bytes durable.</summary>
    public async Task WriteAsync(string relativePath, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var file = files.Create(FullPath(relativePath));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var tee = new HashingStream(file, hash))
        {
            await write(tee);
        }

        await file.FlushAsync(cancellationToken);
        files.Persist(file);
        _sha256ByPath[relativePath] = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public Task WriteAsync(string relativePath, string text, CancellationToken cancellationToken) =>
        WriteAsync(relativePath, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask(), cancellationToken);

    /// <summary>Registers a file that was put there by other means.</summary>
    public void Register(string relativePath, string sha256) => _sha256ByPath[relativePath] = sha256;

    /// <summary>Writes the list that <c>sha256sum -c</c> reads, by path.</summary>
    public Task WriteChecksumsAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var (path, sha256) in _sha256ByPath.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(sha256).Append("  ").Append(path).Append('\n');
        return WriteAsync(ExportLayout.Checksums, text.ToString(), cancellationToken);
    }
}

/// <summary>Passes writes on and hashes them; leaves the inner stream open.</summary>
internal sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        hash.AppendData(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

using System.Buffers.Binary;

namespace MedGenCluster.Curation.Duplicates;

/// <summary>What a clip looks like over time: the hashes of frames sampled at a fixed rate (2 per second is meant), without those
/// that have too little structure. Immutable; about 28 bytes a frame when stored.</summary>
public sealed class ClipFingerprint
{
    private const byte Version = 1;
    private const int FrameBytes = 4 + 3 * 8;
    private readonly HashedFrame[] frames;

    /// <param name="frames">Frames in time order; times are kept to the millisecond.</param>
    /// <exception cref="ArgumentException">Times are negative, not ascending, or beyond 24 days.</exception>
    public ClipFingerprint(IEnumerable<HashedFrame> frames)
    {
        this.frames = [.. frames.Select(frame => frame with { Seconds = Math.Round(frame.Seconds * 1000) / 1000 })];
        for (var i = 0; i < this.frames.Length; i++)
        {
            if (!(this.frames[i].Seconds >= (i == 0 ? 0 : this.frames[i - 1].Seconds) && this.frames[i].Seconds * 1000 <= int.MaxValue))
                throw new ArgumentException("Frame times must ascend from 0.", nameof(frames));
        }
    }

    /// <summary>The frames with structure, in time order. Without any, the clip is a duplicate of nothing.</summary>
    public ReadOnlySpan<HashedFrame> Frames => frames;

    /// <summary>Version byte, then for each frame its time in milliseconds (4 bytes) and three hashes (8 bytes each), little endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[1 + frames.Length * FrameBytes];
        bytes[0] = Version;
        for (var i = 0; i < frames.Length; i++)
        {
            var at = bytes.AsSpan(1 + i * FrameBytes, FrameBytes);
            BinaryPrimitives.WriteInt32LittleEndian(at, (int)Math.Round(frames[i].Seconds * 1000));
            BinaryPrimitives.WriteUInt64LittleEndian(at[4..], frames[i].Hash.Whole);
            BinaryPrimitives.WriteUInt64LittleEndian(at[12..], frames[i].Hash.Inner95);
            BinaryPrimitives.WriteUInt64LittleEndian(at[20..], frames[i].Hash.Inner90);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null when the bytes are something else.</summary>
    public static ClipFingerprint? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Version || (bytes.Length - 1) % FrameBytes != 0)
            return null;
        var frames = new HashedFrame[(bytes.Length - 1) / FrameBytes];
        for (var i = 0; i < frames.Length; i++)
        {
            var at = bytes.Slice(1 + i * FrameBytes, FrameBytes);
            var hash = new FrameHash(BinaryPrimitives.ReadUInt64LittleEndian(at[4..]), BinaryPrimitives.ReadUInt64LittleEndian(at[12..]), BinaryPrimitives.ReadUInt64LittleEndian(at[20..]));
            frames[i] = new HashedFrame(BinaryPrimitives.ReadInt32LittleEndian(at) / 1000.0, hash);
            if (frames[i].Seconds < (i == 0 ? 0 : frames[i - 1].Seconds))
                return null;
        }

        return new ClipFingerprint(frames);
    }

    /// <summary>The bytes as base64, for a ledger's text column.</summary>
    public override string ToString() => Convert.ToBase64String(ToBytes());

    /// <summary>Reads what <see cref="ToString"/> wrote; null when the text is something else.</summary>
    public static ClipFingerprint? TryParse(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? TryRead(bytes.AsSpan(0, length)) : null;
    }
}

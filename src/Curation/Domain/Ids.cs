using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Curation.Domain;

/// <summary>Identity of a video: stable across runs, derived from where it came from, never from when.</summary>
public readonly record struct VideoId(string Value) : IComparable<VideoId>
{
    /// <summary>Derives the id from a source's own key, for example <c>youtube</c> and the platform's video id.</summary>
    public static VideoId From(string sourceKind, string sourceKey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(sourceKind + "\n" + sourceKey));
        return new VideoId("v" + Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    public int CompareTo(VideoId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>Identity of a clip: its video and its interval in milliseconds, so that planning the same clip twice names it once.</summary>
public readonly record struct ClipId(string Value) : IComparable<ClipId>
{
    public static ClipId From(VideoId video, ClipInterval interval) =>
        new($"{video.Value}-{interval.StartMilliseconds:D7}-{interval.EndMilliseconds:D7}");

    public int CompareTo(ClipId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A half-open interval of a video's timeline in whole milliseconds.</summary>
public readonly record struct ClipInterval(long StartMilliseconds, long EndMilliseconds)
{
    public double StartSeconds => StartMilliseconds / 1000.0;

    public double EndSeconds => EndMilliseconds / 1000.0;

    public double DurationSeconds => (EndMilliseconds - StartMilliseconds) / 1000.0;

    /// <summary>Rounds seconds to milliseconds, half away from zero.</summary>
    public static ClipInterval FromSeconds(double start, double end) =>
        new((long)Math.Round(start * 1000, MidpointRounding.AwayFromZero), (long)Math.Round(end * 1000, MidpointRounding.AwayFromZero));
}

/// <summary>A blob of the media store: content address and length. References travel, bytes do not.</summary>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
/// <param name="Length">Bytes.</param>
public sealed record MediaRef(string Sha256, long Length);
